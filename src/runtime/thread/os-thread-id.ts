// The operating system's id of the thread that asks: what its figures of processor time are found by.

import { readlinkSync } from "node:fs";

/** 0 where the platform has no /proc. */
export function osThreadId(): number {
  try {
    return Number(readlinkSync("/proc/thread-self").split("/").at(-1));
  } catch {
    return 0;
  }
}
