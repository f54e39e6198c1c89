// What a run's trace says of itself.

import { cpus } from "node:os";
import { relative, sep } from "node:path";
import type { StartParams } from "../protocol/run-messages.ts";
import type { TraceHeader } from "../trace/header.ts";
import { measureRecording } from "./measure-recording.ts";

export function traceHeader(params: StartParams, startNanos: bigint): TraceHeader {
  const { configuration, module, root } = params;
  return {
    model: configuration.model,
    origin: "runtime",
    pool: "poolscope",
    pid: process.pid,
    parentPid: process.ppid,
    startedAt: new Date().toISOString(),
    startNanos: String(startNanos),
    nodeVersion: process.versions.node,
    nodePath: process.execPath,
    platform: `${process.platform} ${process.arch}`,
    cpuModel: cpus()[0]?.model ?? "unknown",
    cpuCount: cpus().length,
    module: relative(root, module).split(sep).join("/"),
    root,
    configuration: { ...configuration },
    level: configuration.level,
    nanosPerEvent: measureRecording(),
  };
}
