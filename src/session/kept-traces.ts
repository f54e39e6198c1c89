// Traces of a comparison: measured in a folder of their own, and given their names in the folder that a person says (--out) only
// when all of them are whole. For `poolscope compare` and `poolscope models`.

import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { codeOf, fileProblem } from "./file-problem.ts";
import { makeFolder, moveToNew, moveToUnused } from "./new-file.ts";
import { lookAt } from "./replaceable-trace.ts";

export interface TraceFolder {
  readonly kind: "opened";
  /** Where they are measured; nobody else's. */
  readonly scratch: string;
  /** Where they are kept, if they are. */
  readonly out: string | undefined;
  /** Traces that are there may be replaced. */
  readonly force: boolean;
}

export type OpenedFolder =
  | TraceFolder
  /** One sentence. */
  | { readonly kind: "refused"; readonly problem: string };

/** `names` are those that the traces are to have; `closeFolder` is the caller's to call. */
export function openFolder(
  { out: given, force }: { readonly out: string | undefined; readonly force: boolean },
  names: readonly string[],
): OpenedFolder {
  const out = given === undefined ? undefined : resolve(given);
  const problem = out === undefined ? undefined : takenName(out, names, force);
  if (problem !== undefined) return { kind: "refused", problem };
  const place = out ?? tmpdir();
  try {
    makeFolder(place);
    const hidden = out === undefined ? "poolscope-" : ".poolscope-";
    return { kind: "opened", scratch: mkdtempSync(join(place, hidden)), out, force };
  } catch (error) {
    const why = fileProblem(error);
    return { kind: "refused", problem: `The traces can't be kept in ${place}: ${why}.` };
  }
}

function takenName(out: string, names: readonly string[], force: boolean): string | undefined {
  for (const path of names.map((name) => join(out, name))) {
    const found = lookAt(path);
    if (found.kind === "nothing" || (force && found.kind === "trace")) continue;
    const why =
      found.kind === "kept"
        ? found.why
        : "is there already; give another folder with --out, or --force to replace traces";
    return `The traces can't be kept: ${path} ${why}.`;
  }
  return undefined;
}

/** Where the trace lies now, beside its name when another took that meanwhile; undefined when it is not kept. */
export function keepTrace({ out, force }: TraceFolder, trace: string): string | undefined {
  if (out === undefined) return undefined;
  const path = join(out, basename(trace));
  if (force && lookAt(path).kind === "trace") {
    renameSync(trace, path);
    return path;
  }
  try {
    moveToNew(trace, path);
    return path;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    return moveToUnused(trace, path.replace(/\.pooltrace$/, ""), ".pooltrace");
  }
}

export function closeFolder({ scratch }: TraceFolder): void {
  rmSync(scratch, { recursive: true, force: true });
}
