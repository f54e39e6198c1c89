// The name under which the operating system knows the thread that asks, so that top -H, ps -L and perf tell pool threads apart.
// Linux only: elsewhere nobody can set it from JavaScript, and all keep the process's name.

import { writeFileSync } from "node:fs";
import { osThreadId } from "./os-thread-id.ts";

/** The system keeps 15 bytes of it. */
export function nameThread(name: string): void {
  const id = osThreadId();
  if (id === 0) return;
  try {
    writeFileSync(`/proc/self/task/${id}/comm`, name);
  } catch {
    // A /proc that may only be read: the name is for the eye, and nothing depends on it.
  }
}
