// Whether an expression takes long enough for it to matter who waits meanwhile. A guess that decides what is offered, never
// whether it is safe.

import { childrenOf, isFunction, isNode, nameOf, type SyntaxNode } from "../syntax.ts";
import { calledFunction } from "./calls.ts";
import type { HandlerSource } from "./handler-source.ts";
import { nodeFunctionOf } from "./node-function.ts";

/** It loops, hashes, packs, parses or awaits. */
export function isWork(expression: SyntaxNode, source: HandlerSource): boolean {
  const seen = new Set<SyntaxNode>();
  const looks = (node: SyntaxNode): boolean => {
    if (/^(?:For|While|DoWhile)\w*Statement$/.test(node.type)) return true;
    if (node.type === "AwaitExpression") return true;
    if (nodeFunctionOf(node, source.scopes) !== undefined) return true;
    if (nameOf(isNode(node["callee"]) ? node["callee"]["object"] : undefined) === "JSON")
      return true;
    const called = calledFunction(node, source.scopes);
    if (called !== undefined) {
      // One that calls itself loops.
      if (seen.has(called)) return true;
      seen.add(called);
      if (looks(called)) return true;
    }
    const given = node.type === "CallExpression" ? node["arguments"] : [];
    if ((given as readonly SyntaxNode[]).some(isFunction)) return true;
    return childrenOf(node).some(looks);
  };
  return looks(expression);
}
