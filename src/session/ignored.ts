// What the person wants to see no more, as the nearest poolscope.json says: see analysis/suppression.ts.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileWithin, isNamedWithin, readWithin, type Reach } from "./named-files.ts";

/** No poolscope.json that a person writes is larger. */
const mostBytes = 2 ** 20;

/** `file` is one that a trace names: nothing is read out of reach. */
export function isIgnored(identity: string, file: string, reach: Reach): boolean {
  const configuration = configurationWithin(reach, dirname(file));
  if (configuration === undefined) return false;
  const { ignore } = readJson(configuration, reach);
  return Array.isArray(ignore) && ignore.includes(identity);
}

/** The nearest poolscope.json, no further up than the package. */
export function nearestConfiguration(folder: string): string | undefined {
  return nearest(folder, existsSync);
}

/** As nearestConfiguration, and no further up than what is within reach. */
export function configurationWithin(reach: Reach, folder: string): string | undefined {
  if (!isNamedWithin(reach, folder)) return undefined;
  return nearest(folder, (file) => fileWithin(reach, file) !== undefined);
}

function nearest(folder: string, exists: (file: string) => boolean): string | undefined {
  const file = join(folder, "poolscope.json");
  if (exists(file)) return file;
  const parent = dirname(folder);
  if (parent === folder || exists(join(folder, "package.json"))) return undefined;
  return nearest(parent, exists);
}

function readJson(file: string, reach: Reach): { readonly ignore?: unknown } {
  const bytes = readWithin(reach, file, mostBytes);
  if (bytes === undefined) return {};
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    // Half-typed JSON ignores nothing; the editor underlines what is wrong with it.
    return {};
  }
}
