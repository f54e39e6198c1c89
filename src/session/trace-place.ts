// Where the module of a trace lies on this machine. A trace that this installation recorded says so itself; of any other the name
// is looked for where the person is: beside the module that they name, or in the folders that they have opened.

import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { absolutePath, isBelow, reachOf, fileWithin } from "./named-files.ts";
import { packageFolder } from "./package-folder.ts";
import type { TrustedTrace } from "./trust/trusted-trace.ts";

export interface TracePlace {
  readonly root: string;
  readonly module: string;
  /** The module whose poolscope.json, or the lack of one, holds. */
  readonly configuredBy: string;
}

export type FoundPlace =
  | { readonly kind: "found"; readonly place: TracePlace }
  | { readonly kind: "refused"; readonly problem: string };

/** `beside` is the module that the trace is compared with. */
export function placeBeside(trusted: TrustedTrace, beside: string): FoundPlace {
  const { root: recorded, module: name } = trusted.trace.header;
  const isHere = trusted.recordedHere && existsSync(recorded);
  const end = `${sep}${join(name)}`;
  const guessed = beside.endsWith(end)
    ? beside.slice(0, -end.length)
    : packageFolder(dirname(beside));
  const root = isHere ? recorded : guessed;
  const module = absolutePath(root, name);
  if (module === undefined || !isBelow(root, module)) return outside(trusted, root);
  return { kind: "found", place: { root, module, configuredBy: beside } };
}

/** `folders` are those that the person has opened, and trusts. */
export function placeInFolders(trusted: TrustedTrace, folders: readonly string[]): FoundPlace {
  const { root: recorded, module: name } = trusted.trace.header;
  const opened = { trusted: true, folders };
  const reach = reachOf(opened, recorded, trusted.recordedHere ? "here" : "stranger");
  for (const root of [recorded, ...folders]) {
    const module = absolutePath(root, name);
    if (module === undefined || !isBelow(root, module)) continue;
    if (fileWithin(reach, module) === undefined) continue;
    return { kind: "found", place: { root, module, configuredBy: module } };
  }
  return outside(trusted, folders.join(", ") || "any folder that is open");
}

function outside({ path, trace }: TrustedTrace, where: string): FoundPlace {
  const problem = `${path} is of ${trace.header.module}, which is not in ${where}.`;
  return { kind: "refused", problem };
}
