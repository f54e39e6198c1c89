// Which node runs the person's handlers: the one they name, the version their project pins where it is installed, else the
// one on PATH.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";

export interface FoundNode {
  readonly path: string;
  /** Why this one, for the person. */
  readonly because: string;
}

export function findNode(given: string | undefined, folder: string): FoundNode {
  if (given !== undefined) return { path: given, because: "as given" };
  const pinned = pinnedVersion(folder);
  if (pinned !== undefined) {
    const installed = installedNode(pinned.version);
    if (installed !== undefined) return { path: installed, because: pinned.file };
  }
  return { path: process.execPath, because: "the one that runs Poolscope" };
}

/**
 * For a host whose own executable is no plain Node, such as an editor: the first `node` on PATH; undefined when there is
 * none.
 */
export function findNodeFor(given: string | undefined, folder: string): FoundNode | undefined {
  const found = findNode(given, folder);
  if (found.path !== process.execPath) return found;
  const name = process.platform === "win32" ? "node.exe" : "node";
  const path = (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((each) => join(each, name))
    .find((each) => existsSync(each));
  return path === undefined ? undefined : { path, because: "the first on PATH" };
}

interface Pin {
  readonly version: string;
  readonly file: string;
}

function pinnedVersion(folder: string): Pin | undefined {
  for (const name of [".nvmrc", ".node-version"]) {
    const file = join(folder, name);
    if (existsSync(file)) return { version: readFileSync(file, "utf8").trim(), file };
  }
  const manifest = join(folder, "package.json");
  if (existsSync(manifest)) {
    const version = voltaVersion(manifest);
    if (version !== undefined) return { version, file: manifest };
  }
  const parent = dirname(folder);
  return parent === folder ? undefined : pinnedVersion(parent);
}

function voltaVersion(manifest: string): string | undefined {
  try {
    const read = JSON.parse(readFileSync(manifest, "utf8")) as {
      readonly volta?: { readonly node?: string };
    };
    return read.volta?.node;
  } catch {
    // A package.json that is no JSON pins nothing; whoever reads it for its own sake will say so.
    return undefined;
  }
}

function installedNode(version: string): string | undefined {
  const wanted = version.replace(/^v/, "");
  const places = [
    { folder: join(homedir(), ".nvm", "versions", "node"), prefix: "v" },
    { folder: join(homedir(), ".volta", "tools", "image", "node"), prefix: "" },
  ];
  for (const { folder, prefix } of places) {
    if (!existsSync(folder)) continue;
    const found = readdirSync(folder)
      .filter((name) => name === prefix + wanted || name.startsWith(`${prefix}${wanted}.`))
      .sort()
      .at(-1);
    if (found !== undefined) return join(folder, found, "bin", "node");
  }
  return undefined;
}
