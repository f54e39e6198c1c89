// The one way to a file that a trace names: its header's root, its sources, its sites. A trace is a stranger's file, so that a name
// leads nowhere but to regular files below the folders that a person has opened, or below the root of a run that this
// installation recorded itself. Nothing outside of them is touched, not even looked at: on some systems that alone would
// wait for a device or send credentials over a network.

import { lstatSync, readlinkSync, realpathSync, type Stats } from "node:fs";
import * as system from "node:path";
import type { PlatformPath } from "node:path";
import { readResolvedFile } from "./read-regular-file.ts";
import type { Provenance } from "./trust/provenance.ts";

/** Where a person looks at traces: the folders that they have opened, if they trust them. */
export interface OpenedFolders {
  readonly trusted: boolean;
  readonly folders: readonly string[];
}

/** Folders as they are named, with where they really are. */
export type Reach = readonly { readonly named: string; readonly real: string }[];

export function reachOf(
  { trusted, folders }: OpenedFolders,
  root: string,
  provenance: Provenance["kind"],
): Reach {
  if (!trusted) return [];
  const all = provenance === "here" ? [...folders, root] : folders;
  return [...new Set(all)].flatMap((named) => {
    const real = realFolder(named);
    return real === undefined ? [] : [{ named, real }];
  });
}

/** The absolute path that a name stands for below `root`; undefined for one that no trace of ours would hold. */
export function absolutePath(
  root: string,
  name: string,
  paths: PlatformPath = system,
): string | undefined {
  const isWindows = paths.sep === "\\";
  if (name === "" || [root, name].some((each) => each.includes("\0"))) return undefined;
  // Of another machine in the network, or of a device.
  if (/^[\\/]{2}/.test(name)) return undefined;
  if (isWindows && !isWindowsName(name)) return undefined;
  return paths.isAbsolute(name) ? paths.normalize(name) : paths.resolve(root, name);
}

/** What Windows reads behind a colon is no file's name, and some names are devices in every folder. */
function isWindowsName(name: string): boolean {
  if (name.replace(/^[a-z]:[\\/]/i, "").includes(":")) return false;
  return !name.split(/[\\/]/).some((part) => deviceName.test(part));
}

const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)[ .]*(?:\.|$)/i;

export function isBelow(folder: string, path: string, paths: PlatformPath = system): boolean {
  const way = paths.relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${paths.sep}`) && !paths.isAbsolute(way);
}

/** By its name alone: nothing is looked at. */
export function isNamedWithin(reach: Reach, path: string): boolean {
  return reach.some(({ named, real }) => isIn(named, path) || isIn(real, path));
}

/** The regular file that the path leads to, as long as all links on the way lie within reach; undefined for everything else. */
export function fileWithin(reach: Reach, path: string): string | undefined {
  const found = walk(reach, path, mostLinks);
  return found?.stats.isFile() === true ? found.path : undefined;
}

export function isFolderWithin(reach: Reach, path: string): boolean {
  return walk(reach, path, mostLinks)?.stats.isDirectory() === true;
}

/** A regular file's bytes; undefined for everything else, for what is larger, and for what is out of reach. */
export function readWithin(reach: Reach, path: string, mostBytes: number): Uint8Array | undefined {
  const found = walk(reach, path, mostLinks);
  if (found === undefined || !found.stats.isFile() || found.stats.size > mostBytes)
    return undefined;
  try {
    return readResolvedFile(found.path, mostBytes);
  } catch {
    // Gone or changed since it was looked at, or not ours to read: as if it were not there.
    return undefined;
  }
}

const mostLinks = 40;

interface Walked {
  readonly path: string;
  readonly stats: Stats;
}

/** Step by step, as the system would, but that a link is looked at before it is followed. */
function walk(reach: Reach, path: string, links: number): Walked | undefined {
  const folder = reach.find(({ named, real }) => isIn(named, path) || isIn(real, path));
  if (folder === undefined) return undefined;
  const { named, real } = folder;
  const way = system.relative(isIn(named, path) ? named : real, path);
  const parts = way === "" ? [] : way.split(system.sep);
  let found: Walked | undefined = look(real);
  for (const [index, part] of parts.entries()) {
    if (found === undefined) return undefined;
    const next = look(system.join(found.path, part));
    if (next?.stats.isSymbolicLink() === true) {
      const target = linkTarget(found.path, next.path);
      if (target === undefined || links === 0) return undefined;
      return walk(reach, system.join(target, ...parts.slice(index + 1)), links - 1);
    }
    found = next;
  }
  return found;
}

function isIn(folder: string, path: string): boolean {
  return system.relative(folder, path) === "" || isBelow(folder, path);
}

function look(path: string): Walked | undefined {
  try {
    return { path, stats: lstatSync(path) };
  } catch {
    // Not there, or within something that is no folder, or not ours to see: all the same to who asks.
    return undefined;
  }
}

function linkTarget(folder: string, link: string): string | undefined {
  try {
    return absolutePath(folder, readlinkSync(link));
  } catch {
    return undefined;
  }
}

function realFolder(folder: string): string | undefined {
  try {
    return realpathSync(folder);
  } catch {
    return undefined;
  }
}
