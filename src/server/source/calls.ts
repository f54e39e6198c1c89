// Which functions of the file a piece of it may run: those that it calls by name, and what they call.

import { isFunction, isNode, walk, type SyntaxNode } from "../syntax.ts";
import type { Scopes } from "./scopes.ts";

/** The function of this file that a call runs; undefined when it is none, or can't be told. */
export function calledFunction(call: SyntaxNode, scopes: Scopes): SyntaxNode | undefined {
  const callee = call["callee"];
  if (call.type !== "CallExpression" || !isNode(callee)) return undefined;
  const binding = callee.type === "Identifier" ? scopes.bindingOf(callee) : undefined;
  if (binding === undefined || binding.writes.length > 0) return undefined;
  const called = binding.kind === "function" ? binding.owner : binding.owner["init"];
  return isNode(called) && isFunction(called) ? called : undefined;
}

/** The nodes, what functions in them contain, and the functions of the file that these call, again and again. */
export function reachable(from: readonly SyntaxNode[], scopes: Scopes): ReadonlySet<SyntaxNode> {
  const reached = new Set<SyntaxNode>();
  const waiting = [...from];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    for (const node of walk(next)) {
      if (isFunction(node)) waiting.push(node);
      const called = calledFunction(node, scopes);
      if (called !== undefined) waiting.push(called);
    }
  }
  return reached;
}
