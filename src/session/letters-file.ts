// The file that a run may add dead letters to: a new one, or one that holds nothing else. Anything else of a person's would be
// spoilt by what is added.

import { closeSync, openSync, readSync, statSync } from "node:fs";
import { ConfigurationError } from "./check-keys.ts";
import { fileProblem } from "./file-problem.ts";

/** What is looked at: the first letter, or its beginning. */
const headBytes = 4096;

/** Throws a ConfigurationError; else the path. */
export function lettersFile(path: string, where: string): string {
  const problem = problemOf(path);
  if (problem === undefined) return path;
  throw new ConfigurationError(`${where}: ${path} ${problem}; give another file for dead letters.`);
}

function problemOf(path: string): string | undefined {
  try {
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) return undefined;
    if (!found.isFile()) return "is no plain file";
    // Each is an object whose first key is the event's type: see runtime/recovery/dead-letters.ts.
    return found.size === 0 || headOf(path).startsWith('{"type":')
      ? undefined
      : "holds something else, which is never added to";
  } catch (error) {
    return `can't be looked at: ${fileProblem(error)}`;
  }
}

function headOf(path: string): string {
  const descriptor = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(headBytes);
    return bytes.toString("utf8", 0, readSync(descriptor, bytes, 0, headBytes, 0)).trimStart();
  } finally {
    closeSync(descriptor);
  }
}
