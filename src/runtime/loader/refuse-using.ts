// `using` on a Node that can't run it: refused with its line before a thread stumbles over it without one. Called for each
// file of a person's module.

import process from "node:process";
import { LoadError } from "./load-problem.ts";
import { walk, type Node } from "./syntax-tree.ts";

/** The first major version of Node whose engine has explicit resource management. */
const firstNodeWithUsing = 24;

/** Throws a LoadError for the first declaration of that kind. */
export function refuseUsing(
  tree: Node,
  file: string,
  major: number = Number.parseInt(process.versions.node, 10),
): void {
  if (major >= firstNodeWithUsing) return;
  walk(tree, (node) => {
    if (node.type !== "VariableDeclaration" || !String(node["kind"]).endsWith("using")) return;
    const start = node.loc?.start;
    throw new LoadError({
      message: `Node ${major} does not know "${String(node["kind"])}".`,
      file,
      line: start?.line ?? 1,
      column: (start?.column ?? 0) + 1,
      advice: `Run it on Node ${firstNodeWithUsing}, or write try { ... } finally { guard.release(); }.`,
    });
  });
}
