// The control group's quota, from files as the kernel writes them.

import assert from "node:assert/strict";
import { cgroupProcessors, threadsForMachine } from "../../src/runtime/processors.ts";

const from =
  (files: Readonly<Record<string, string>>) =>
  (path: string): string | undefined =>
    files[path];

describe("processors", () => {
  it("are limited by the smallest quota of the group and those above it", () => {
    const files = {
      "/proc/self/cgroup": "0::/a/b",
      "/sys/fs/cgroup/a/b/cpu.max": "max 100000",
      "/sys/fs/cgroup/a/cpu.max": "150000 100000",
    };
    assert.equal(cgroupProcessors(from(files)), 1.5);
  });

  it("are limited by version 1's quota too", () => {
    const files = {
      "/proc/self/cgroup": "5:memory:/x\n4:cpu,cpuacct:/x",
      "/sys/fs/cgroup/cpu/x/cpu.cfs_quota_us": "200000",
      "/sys/fs/cgroup/cpu/x/cpu.cfs_period_us": "50000",
      "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1",
    };
    assert.equal(cgroupProcessors(from(files)), 4);
  });

  it("have no limit where there is none, and at least one is used", () => {
    assert.equal(cgroupProcessors(from({})), Infinity);
    assert.ok(threadsForMachine() >= 1);
  });
});
