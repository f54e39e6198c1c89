// What the person wants to see no more, as the nearest poolscope.json says: see analysis/suppression.ts.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export function isIgnored(identity: string, file: string): boolean {
  const configuration = nearestConfiguration(dirname(file));
  if (configuration === undefined) return false;
  const { ignore } = readJson(configuration);
  return Array.isArray(ignore) && ignore.includes(identity);
}

/** The nearest poolscope.json, no further up than the package. */
export function nearestConfiguration(folder: string): string | undefined {
  const file = join(folder, "poolscope.json");
  if (existsSync(file)) return file;
  const parent = dirname(folder);
  if (parent === folder || existsSync(join(folder, "package.json"))) return undefined;
  return nearestConfiguration(parent);
}

function readJson(file: string): { readonly ignore?: unknown } {
  try {
    const value: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    // Half-typed JSON ignores nothing; the editor underlines what is wrong with it.
    return {};
  }
}
