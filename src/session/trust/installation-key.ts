// The key of this user's installation: 32 random bytes in their configuration folder, made at the first run that is recorded, and
// shared by editor and command line. Whoever has it can make traces that pass for ours, so nobody else may read it, and the
// runtime process, in which a person's code runs, is never given it.

import { randomBytes, randomUUID } from "node:crypto";
import {
  closeSync,
  constants,
  fstatSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  rmSync,
  writeFileSync,
  type Stats,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { openFlags } from "../open-flags.ts";

export type InstallationKey =
  | { readonly kind: "key"; readonly bytes: Uint8Array }
  /** Nothing was recorded by this installation yet. */
  | { readonly kind: "missing" }
  | { readonly kind: "unusable"; readonly why: string };

const keyBytes = 32;

/** As the system has it; XDG_CONFIG_HOME, where it is set, on any system. */
export function keyFile(): string {
  const { XDG_CONFIG_HOME: given = "", APPDATA: appData = "" } = process.env;
  if (isAbsolute(given)) return join(given, "poolscope", "key");
  if (process.platform === "win32" && isAbsolute(appData)) return join(appData, "poolscope", "key");
  const folder = process.platform === "darwin" ? join("Library", "Application Support") : ".config";
  return join(homedir(), folder, "poolscope", "key");
}

export function readKey(): InstallationKey {
  return guarded((file) => read(file));
}

/** For who records: makes the key where there is none. */
export function readOrMakeKey(): InstallationKey {
  return guarded((file) => {
    const found = read(file);
    if (found.kind !== "missing") return found;
    make(file);
    return read(file);
  });
}

function guarded(find: (file: string) => InstallationKey): InstallationKey {
  try {
    return find(keyFile());
  } catch (error) {
    return { kind: "unusable", why: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Whole before it has its name, and the name is given once: of two processes that make a key at the same time one has made it,
 * and both read that one.
 */
function make(file: string): void {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const part = join(folder, `key-${randomUUID()}`);
  writeFileSync(part, randomBytes(keyBytes), { flag: "wx", mode: 0o600 });
  try {
    linkSync(part, file);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  } finally {
    rmSync(part);
  }
}

function read(file: string): InstallationKey {
  let descriptor: number;
  try {
    descriptor = openSync(file, openFlags(constants.O_RDONLY, "refuse"));
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { kind: "missing" };
    throw error;
  }
  try {
    const stats = fstatSync(descriptor);
    const wrong = wrongWith(file, stats) ?? wrongWithFolder(dirname(file));
    if (wrong !== undefined) return { kind: "unusable", why: wrong };
    const bytes = new Uint8Array(keyBytes);
    const length = readSync(descriptor, bytes);
    if (length === keyBytes) return { kind: "key", bytes };
    return { kind: "unusable", why: wrongSize(file, length) };
  } finally {
    closeSync(descriptor);
  }
}

function wrongWith(file: string, stats: Stats): string | undefined {
  if (!stats.isFile()) return `${file} is no file. Remove it: the next run makes a key.`;
  if (stats.size !== keyBytes) return wrongSize(file, stats.size);
  if (isOthers(stats))
    return `${file} belongs to another user. Remove it: the next run makes a key.`;
  if (!hasModes() || (stats.mode & 0o077) === 0) return undefined;
  return `others may read ${file}, so that it proves nothing. Remove it: the next run makes a key.`;
}

/** Whoever may write to the folder could put a key of their own there. */
function wrongWithFolder(folder: string): string | undefined {
  const stats = lstatSync(folder);
  if (isOthers(stats)) return `${folder} belongs to another user.`;
  if (!hasModes() || stats.isSymbolicLink() || (stats.mode & 0o022) === 0) return undefined;
  return `others may write to ${folder}, so that the key in it proves nothing: chmod 700 it.`;
}

function wrongSize(file: string, bytes: number): string {
  return `${file} has ${bytes} bytes, not ${keyBytes}. Remove it: the next run makes a key.`;
}

/** Windows has none; there a person's own folder is theirs alone. */
function hasModes(): boolean {
  return process.platform !== "win32";
}

function isOthers({ uid }: Stats): boolean {
  return process.getuid !== undefined && uid !== process.getuid();
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
