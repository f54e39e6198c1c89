// A trace header for tests that do not care what it says.

import type { TraceHeader } from "../../src/trace/header.ts";

export const testHeader: TraceHeader = {
  model: "leader-followers",
  origin: "runtime",
  pool: "test",
  pid: 1,
  parentPid: 0,
  startedAt: "2026-01-01T00:00:00.000Z",
  startNanos: "0",
  nodeVersion: "20.19.0",
  nodePath: "/usr/bin/node",
  platform: "linux x64",
  cpuModel: "test",
  cpuCount: 2,
  module: "handlers.ts",
  root: "/",
  configuration: { promotion: "lifo", when: "on-demand" },
  level: "all",
  nanosPerEvent: 50,
};
