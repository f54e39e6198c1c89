// A file's bytes, if it is a regular file and no larger than it may be: a device fills memory, a pipe never ends.

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { openFlags } from "./open-flags.ts";

/** By links too. Throws what the system says, or one sentence. */
export function readRegularFile(path: string, mostBytes = Infinity): Uint8Array {
  return read(path, openFlags(constants.O_RDONLY, "follow"), mostBytes);
}

/** As readRegularFile, where the path has been resolved: what has become a link since is refused. */
export function readResolvedFile(path: string, mostBytes: number): Uint8Array {
  return read(path, openFlags(constants.O_RDONLY, "refuse"), mostBytes);
}

function read(path: string, flags: number, mostBytes: number): Uint8Array {
  const descriptor = openSync(path, flags);
  try {
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new Error(`${path} is no regular file.`);
    if (stats.size > mostBytes) throw new Error(`${path} is larger than ${mostBytes} bytes.`);
    const bytes = new Uint8Array(stats.size);
    let length = 0;
    for (let last = -1; last !== 0 && length < bytes.length; length += last) {
      last = readSync(descriptor, bytes, length, bytes.length - length, null);
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}
