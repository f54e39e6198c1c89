// Keeps every core busy while the corpus runs: one process a core that computes at normal priority, so that each thread of a
// pool shares its core with one other.

import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import process from "node:process";

/** Returns what ends it. */
export function loadAllCores(): () => void {
  const children = Array.from({ length: availableParallelism() }, () =>
    // Ends with us, even when we are killed: its input closes then.
    spawn(process.execPath, ["-e", busy], { stdio: ["pipe", "ignore", "inherit"] }),
  );
  return () => {
    for (const child of children) child.kill();
  };
}

const busy = `
process.stdin.on("end", () => process.exit()).resume();
setInterval(() => { const until = Date.now() + 50; while (Date.now() < until); }, 0);
`;
