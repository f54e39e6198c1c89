// A folder of traces that is replaced only by a whole new set: the new ones are made in a part beside it, which is nobody else's.

import { existsSync, mkdirSync, mkdtempSync, renameSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/** The caller's to remove, whatever comes of it. */
export function openPart(out: string): string {
  mkdirSync(dirname(out), { recursive: true });
  return mkdtempSync(`${out}.part-`);
}

/** What was in `out` goes once `part` has its name; gives where a path in the part is then. */
export async function takePlace(part: string, out: string): Promise<(path: string) => string> {
  const old = `${part}-old`;
  if (existsSync(out)) renameSync(out, old);
  renameSync(part, out);
  await rm(old, { recursive: true, force: true });
  return (path) => join(out, relative(part, path));
}
