// How many threads pay here: the processors that this process may use, by its affinity and by its control group's quota, which
// Node before 22 does not look at.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";

/** What `threads: "auto"` means. */
export function threadsForMachine(): number {
  const quota = cgroupProcessors(readText);
  return Math.max(1, Math.min(availableParallelism(), Math.ceil(quota)));
}

/** Processors' worth of time that the control group gives; Infinity without a limit. `read` gives undefined for no file. */
export function cgroupProcessors(read: (path: string) => string | undefined): number {
  const lines = read("/proc/self/cgroup")?.split("\n") ?? [];
  const unified = lines.find((line) => line.startsWith("0::"))?.slice("0::".length);
  const cpu = lines.find((line) => /^\d+:([^:]*,)?cpu(,[^:]*)?:/.test(line))?.split(":")[2];
  const ofUnified =
    unified === undefined ? Infinity : least("/sys/fs/cgroup", unified, read, ofMax);
  const ofCpu = cpu === undefined ? Infinity : least("/sys/fs/cgroup/cpu", cpu, read, ofQuota);
  return Math.min(ofUnified, ofCpu);
}

type Read = (path: string) => string | undefined;

/** Each group up to the root may set a limit; the smallest holds. */
function least(
  root: string,
  group: string,
  read: Read,
  of: (folder: string, read: Read) => number,
) {
  let most = Infinity;
  for (let path = group; ; path = dirname(path)) {
    most = Math.min(most, of(join(root, path), read));
    if (path === "/" || path === ".") return most;
  }
}

/** Version 2: "200000 100000", or "max 100000". */
function ofMax(folder: string, read: Read): number {
  const [quota = "max", period = "100000"] = (read(join(folder, "cpu.max")) ?? "max").split(/\s+/);
  return quota === "max" ? Infinity : Number(quota) / Number(period);
}

/** Version 1: a quota of -1 is none. */
function ofQuota(folder: string, read: Read): number {
  const quota = Number(read(join(folder, "cpu.cfs_quota_us")) ?? -1);
  const period = Number(read(join(folder, "cpu.cfs_period_us")) ?? 100_000);
  return quota <= 0 ? Infinity : quota / period;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    // No such group or no control groups: no limit is known.
    return undefined;
  }
}
