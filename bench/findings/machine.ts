// What else the machine did while a program ran, by its own accounting: whether "others took the processors" is true is not
// for the trace to say.

import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import process from "node:process";

export interface MachineTime {
  /** Ticks of all processors that were not idle. */
  readonly busy: number;
  /** Ticks of this process and of its children that have ended. */
  readonly own: number;
  readonly at: number;
}

/** Undefined where there is no /proc. */
export function machineTime(): MachineTime | undefined {
  try {
    const [, ...all] = (readFileSync("/proc/stat", "utf8").split("\n")[0] ?? "").split(/\s+/);
    const [user = 0, nice = 0, system = 0, _idle, _wait, irq = 0, soft = 0, steal = 0] =
      all.map(Number);
    const own = readFileSync(`/proc/${process.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    const ticks = own.slice(11, 15).reduce((sum, text) => sum + Number(text), 0);
    return { busy: user + nice + system + irq + soft + steal, own: ticks, at: performance.now() };
  } catch {
    return undefined;
  }
}

const ticksPerSecond = 100;

/** Of all processors' time between two looks, what others had. */
export function shareOfOthers(before?: MachineTime, after?: MachineTime): number {
  if (before === undefined || after === undefined) return 0;
  const ticks = ((after.at - before.at) / 1000) * ticksPerSecond * availableParallelism();
  return Math.max(0, (after.busy - before.busy - (after.own - before.own)) / ticks);
}
