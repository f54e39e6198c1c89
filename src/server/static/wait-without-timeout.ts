// `Atomics.wait` without a timeout while a lock is held: if the one who is to notify wants that lock, both wait for ever.

import { isNode, nameOf, type SyntaxNode } from "../syntax.ts";
import { lockTitle, walkOwn } from "../source/lock-use.ts";
import type { HandlerSource } from "../source/handler-source.ts";
import type { StaticFinding } from "./static-finding.ts";

export function waitWithoutTimeout({ uses, scopes }: HandlerSource): StaticFinding[] {
  const isGlobal = (object: unknown): boolean =>
    isNode(object) && nameOf(object) === "Atomics" && scopes.bindingOf(object) === undefined;
  const seen = new Set<SyntaxNode>();
  return uses.flatMap((use) =>
    use.held.flatMap((statement) =>
      [...walkOwn(statement)].flatMap((node): StaticFinding[] => {
        const callee = node["callee"];
        if (node.type !== "CallExpression" || !isNode(callee) || seen.has(node)) return [];
        if (!isGlobal(callee["object"]) || nameOf(callee["property"]) !== "wait") return [];
        if (hasTimeout(node)) return [];
        seen.add(node);
        const { start, end } = callee;
        const message = `Atomics.wait without a timeout while ${lockTitle(use.lock)} is held: if the thread that notifies wants the lock first, both wait for ever. Give a timeout, or release the lock before waiting.`;
        return [{ rule: "wait-without-timeout", severity: "warning", message, start, end }];
      }),
    ),
  );
}

function hasTimeout(call: SyntaxNode): boolean {
  const given = call["arguments"] as readonly SyntaxNode[];
  if (given.some(({ type }) => type === "SpreadElement")) return true;
  const [, , , timeout] = given;
  return timeout !== undefined && nameOf(timeout) !== "Infinity" && nameOf(timeout) !== "undefined";
}
