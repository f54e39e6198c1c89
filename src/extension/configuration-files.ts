// The configurations that a person may keep for a module: poolscope.json, and poolscope.NAME.json beside it.

import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

export function isConfiguration(file: string): boolean {
  return /^poolscope(\..+)?\.json$/.test(basename(file));
}

/** Of the nearest folder upwards from a module that has any, within its package, in the order of their names. */
export function configurationsOf(module: string): readonly string[] {
  return configurationsNear(dirname(module));
}

function configurationsNear(folder: string): readonly string[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const found = names.filter(isConfiguration).sort();
  if (found.length > 0) return found.map((name) => join(folder, name));
  const isLast = names.includes("package.json") || dirname(folder) === folder;
  return isLast ? [] : configurationsNear(dirname(folder));
}
