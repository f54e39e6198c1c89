// The operating system's id of the thread that asks: what its figures of processor time are found by.

import { readlinkSync } from "node:fs";

/** 0 where the platform has no /proc. */
export function osThreadId(): number {
  try {
    const id = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    return Number.isSafeInteger(id) ? id : 0;
  } catch {
    return 0;
  }
}
