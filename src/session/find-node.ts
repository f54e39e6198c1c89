// Which node runs the person's handlers: the one they name, the version their project pins where it is installed, else the
// one on PATH.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileProblem } from "./file-problem.ts";
import { shown } from "./shown-value.ts";

export type FoundNode =
  | {
      readonly kind: "found";
      readonly path: string;
      /** Why this one, for the person. */
      readonly because: string;
    }
  /** What a project says of its Node is no version: one sentence. */
  | { readonly kind: "refused"; readonly problem: string };

/** Of an editor, where there is no other and the person allowed it. */
export const ownNode: FoundNode = {
  kind: "found",
  path: process.execPath,
  because: "the editor's own",
};

export function findNode(given: string | undefined, folder: string): FoundNode {
  if (given !== undefined) return { kind: "found", path: given, because: "as given" };
  const pinned = pinnedVersion(folder);
  if (pinned?.kind === "refused") return pinned;
  const installed = pinned === undefined ? undefined : installedNode(pinned.version);
  if (installed !== undefined)
    return { kind: "found", path: installed, because: pinned?.file ?? "" };
  return { kind: "found", path: process.execPath, because: "the one that runs Poolscope" };
}

/**
 * For a host whose own executable is no plain Node, such as an editor: the first `node` on PATH; undefined when there is
 * none.
 */
export function findNodeFor(given: string | undefined, folder: string): FoundNode | undefined {
  const found = findNode(given, folder);
  if (found.kind === "refused" || found.path !== process.execPath) return found;
  const name = process.platform === "win32" ? "node.exe" : "node";
  const path = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((each) => join(each, name))
    .find((each) => existsSync(each));
  return path === undefined ? undefined : { kind: "found", path, because: "the first on PATH" };
}

type Pin =
  | { readonly kind: "pinned"; readonly version: string; readonly file: string }
  | Extract<FoundNode, { readonly kind: "refused" }>;

function pinnedVersion(folder: string): Pin | undefined {
  for (const name of [".nvmrc", ".node-version"]) {
    const file = join(folder, name);
    if (existsSync(file)) return versionFile(file);
  }
  const manifest = join(folder, "package.json");
  const pin = existsSync(manifest) ? voltaPin(manifest) : undefined;
  if (pin !== undefined) return pin;
  const parent = dirname(folder);
  return parent === folder ? undefined : pinnedVersion(parent);
}

/** One version in the first line that says anything; names such as "lts/iron" are their manager's to understand. */
function versionFile(file: string): Pin {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    const version = lines.map((line) => line.replace(/#.*/, "").trim()).find((line) => line !== "");
    return { kind: "pinned", version: version ?? "", file };
  } catch (error) {
    return { kind: "refused", problem: `${file} can't be read: ${fileProblem(error)}.` };
  }
}

function voltaPin(file: string): Pin | undefined {
  const manifest = objectIn(file);
  const volta = manifest?.["volta"];
  if (volta === undefined) return undefined;
  if (!isObject(volta)) {
    return {
      kind: "refused",
      problem: `${file}: volta: ${shown(volta)} is not allowed; give an object.`,
    };
  }
  const version = volta["node"];
  if (version === undefined) return undefined;
  if (typeof version === "string") return { kind: "pinned", version: version.trim(), file };
  const problem = `${file}: volta.node: ${shown(version)} is not allowed; give a version as a text, such as "24.1.0".`;
  return { kind: "refused", problem };
}

function objectIn(manifest: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(readFileSync(manifest, "utf8"));
    return isObject(read) ? read : undefined;
  } catch {
    // A package.json that is no JSON pins nothing; whoever reads it for its own sake will say so.
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The newest of those that the version names, as far as it says. */
function installedNode(version: string): string | undefined {
  const wanted = version.replace(/^v/, "");
  if (!/^\d+(\.\d+){0,2}$/.test(wanted)) return undefined;
  const places = [
    { folder: join(homedir(), ".nvm", "versions", "node"), prefix: "v" },
    { folder: join(homedir(), ".volta", "tools", "image", "node"), prefix: "" },
  ];
  for (const { folder, prefix } of places) {
    const found = namesIn(folder)
      .filter((name) => name === prefix + wanted || name.startsWith(`${prefix}${wanted}.`))
      .sort((one, other) => one.localeCompare(other, "en", { numeric: true }))
      .map((name) => join(folder, name, "bin", "node"))
      .findLast((node) => existsSync(node));
    if (found !== undefined) return found;
  }
  return undefined;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // No such manager, or nothing that we may look at: it has installed nothing for us.
    return [];
  }
}
