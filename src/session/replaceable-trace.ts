// Whether what lies at a path may be replaced by a new trace, when a person asks for it with --force: only a trace may, and only
// one that no run writes any more.

import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  type Stats,
} from "node:fs";
import { inflateRawSync } from "node:zlib";
import { decode } from "../trace/decode.ts";
import { fileMark } from "../trace/format.ts";
import { decodeFile } from "./decode-file.ts";
import { fileProblem } from "./file-problem.ts";
import { isSameFile } from "./new-file.ts";

export type FoundAtPath =
  | { readonly kind: "nothing" }
  | { readonly kind: "trace"; readonly seen: Stats }
  /** A sentence's end, after the path. */
  | { readonly kind: "kept"; readonly why: string };

/** A header is in the first chunk, and no configuration makes it larger. */
const headBytes = 2 ** 20;

export function lookAt(path: string): FoundAtPath {
  try {
    const seen = lstatSync(path, { throwIfNoEntry: false });
    if (seen === undefined) return { kind: "nothing" };
    if (!seen.isFile()) return kept(`is ${kindOf(seen)}, and only a trace is ever replaced`);
    const head = headOf(path, seen);
    if (head === undefined || !fileMark.every((byte, index) => head[index] === byte)) {
      return kept("is no trace, and only a trace is ever replaced");
    }
    const writer = livingWriter(path, head);
    if (writer === undefined) return { kind: "trace", seen };
    return kept(`is still being written by process ${writer}`);
  } catch (error) {
    return kept(`can't be looked at: ${fileProblem(error)}`);
  }
}

/** Whether it is the file that was seen, and nobody has written it since. */
export function isUnchanged(path: string, seen: Stats): boolean {
  const now = lstatSync(path, { throwIfNoEntry: false });
  return (
    now !== undefined &&
    isSameFile(now, seen) &&
    now.size === seen.size &&
    now.mtimeMs === seen.mtimeMs
  );
}

function kept(why: string): FoundAtPath {
  return { kind: "kept", why };
}

function kindOf(found: Stats): string {
  if (found.isSymbolicLink()) return "a symbolic link";
  if (found.isDirectory()) return "a folder";
  return "no plain file";
}

/** Undefined when something else came to lie there meanwhile. */
function headOf(path: string, seen: Stats): Uint8Array | undefined {
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const descriptor = openSync(path, flags);
  try {
    if (!isSameFile(fstatSync(descriptor), seen)) return undefined;
    const bytes = new Uint8Array(Math.min(seen.size, headBytes));
    return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** The process that began the trace, if it lives and the trace has no end. */
function livingWriter(path: string, head: Uint8Array): number | undefined {
  const { trace } = decode(head, (stored, rawBytes) =>
    inflateRawSync(stored, { maxOutputLength: Math.max(1, rawBytes) }),
  );
  const pid = trace?.header.pid;
  if (pid === undefined || !isAlive(pid)) return undefined;
  const whole = decodeFile(path);
  return whole.kind === "decoded" && whole.trace.footer === undefined ? pid : undefined;
}

function isAlive(pid: unknown): boolean {
  if (typeof pid !== "number" || !Number.isInteger(pid) || pid < 1 || pid > 2 ** 31) return false;
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It lives, and is another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
