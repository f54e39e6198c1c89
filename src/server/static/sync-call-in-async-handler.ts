// A call that blocks the thread in an async handler: the thread's other turns, timers and promises stand still meanwhile.
// In a handler that is not async it is what threads are for, and nothing is said.

import { isNode, walk } from "../syntax.ts";
import { reachable } from "../source/calls.ts";
import { handlersOf } from "../source/handlers.ts";
import { functionAround } from "../source/lock-use.ts";
import { nodeFunctionOf, type NodeFunction } from "../source/node-function.ts";
import type { HandlerSource } from "../source/handler-source.ts";
import type { StaticFinding } from "./static-finding.ts";

/** Cheap, or without a twin that does the same. */
const allowed = new Set(["existsSync", "closeSync", "openSync"]);

export function syncCallInAsyncHandler({ tree, scopes }: HandlerSource): StaticFinding[] {
  const handling = reachable(handlersOf(tree), scopes);
  return [...walk(tree)].flatMap((node): StaticFinding[] => {
    const callee = node["callee"];
    if (node.type !== "CallExpression" || !isNode(callee)) return [];
    const called = nodeFunctionOf(node, scopes);
    if (called === undefined || !isBlocking(called)) return [];
    const around = functionAround(node, scopes);
    if (around?.["async"] !== true || !handling.has(around)) return [];
    const named = isNode(callee["property"]) ? callee["property"] : callee;
    return [
      {
        rule: "sync-call-in-async-handler",
        severity: "information",
        message: `${called.name} blocks the thread: the handler is async, and the thread's other events stand still until it returns. ${advice(called)}`,
        start: named.start,
        end: named.end,
      },
    ];
  });
}

function isBlocking({ module, name }: NodeFunction): boolean {
  if (module === "fs") return name.endsWith("Sync") && !allowed.has(name);
  return module === "child_process" && /^(?:exec|execFile|spawn)Sync$/.test(name);
}

function advice({ module, name }: NodeFunction): string {
  const twin = name.slice(0, -"Sync".length);
  return module === "fs"
    ? `Await ${twin} of node:fs/promises instead.`
    : `Await ${twin} of node:child_process instead.`;
}
