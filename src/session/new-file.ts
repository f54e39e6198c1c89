// Files that come into being under names which nobody has: opened so that of two processes with one name one fails, and moved so
// that what lies at the other end is never replaced. All throw what the file system says.

import {
  closeSync,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  type Stats,
} from "node:fs";
import { dirname } from "node:path";
import { codeOf } from "./file-problem.ts";

export interface OpenedFile {
  readonly path: string;
  readonly descriptor: number;
}

/** A trace holds sources and messages: they are their owner's alone. */
const ownersOnly = 0o600;
const mostNames = 10_000;

/** Throws EEXIST for whatever has the name: a file, a folder, a symbolic link that leads nowhere. */
export function openNew(path: string): OpenedFile {
  return { path, descriptor: openSync(path, "wx+", ownersOnly) };
}

/** `stem` and `end` make the name; with a number between them when it is taken. */
export function openUnused(stem: string, end: string): OpenedFile {
  for (let number = 1; ; number++) {
    try {
      return openNew(`${stem}${number === 1 ? "" : `-${number}`}${end}`);
    } catch (error) {
      if (codeOf(error) !== "EEXIST" || number === mostNames) throw error;
    }
  }
}

/** With its parents. Node's own way of doing so never ends where the system makes no folders, as in /proc. */
export function makeFolder(path: string): void {
  if (isFolder(path)) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another made it meanwhile.
    if (codeOf(error) !== "EEXIST" || !isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** Throws EEXIST when `to` is taken; `from` is then where it was. */
export function moveToNew(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw error;
    // Not every file system has links. The name is taken first, so that what is replaced is our own empty file.
    closeSync(openNew(to).descriptor);
    renameSync(from, to);
    return;
  }
  rmSync(from);
}

/** The new path. */
export function moveToUnused(from: string, stem: string, end: string): string {
  const { path, descriptor } = openUnused(stem, end);
  closeSync(descriptor);
  renameSync(from, path);
  return path;
}

/** What is at a path by now may be another's, who removed or replaced ours meanwhile. */
export function isStillAt(path: string, descriptor: number): boolean {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found !== undefined && isSameFile(found, fstatSync(descriptor));
}

export function isSameFile(one: Stats, other: Stats): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}
