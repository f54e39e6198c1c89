// What a locked region does with the memory that the threads share: which elements it reads and writes. Undefined where it
// can't be told.

import { calledFunction } from "../source/calls.ts";
import type { HandlerSource } from "../source/handler-source.ts";
import type { LockUse } from "../source/lock-use.ts";
import { isPureConstructor, isPureGlobal, isReadingMethod } from "../source/pure-builtins.ts";
import { sharedArrayOf, sharedElementOf } from "../source/shared-memory.ts";
import { isWithin } from "../source/scopes.ts";
import { childrenOf, isFunction, isNode, nameOf, type SyntaxNode } from "../syntax.ts";

export interface SharedAccess {
  /** Nothing that is to be seen outside is changed. */
  readonly readsOnly: boolean;
  /** The indexes of the elements, as they are written; undefined where whole arrays are used. */
  readonly indexes: readonly SyntaxNode[] | undefined;
}

interface Found {
  readonly source: HandlerSource;
  readonly within: readonly SyntaxNode[];
  readonly indexes: SyntaxNode[];
  writes: boolean;
  wholeArrays: boolean;
  unknown: boolean;
}

export function sharedAccess(source: HandlerSource, use: LockUse): SharedAccess | undefined {
  if (use.held.length === 0) return undefined;
  const found: Found = {
    source,
    within: use.held,
    indexes: [],
    writes: false,
    wholeArrays: false,
    unknown: false,
  };
  for (const statement of use.held) look(statement, found);
  if (found.unknown) return undefined;
  return {
    readsOnly: !found.writes,
    indexes: found.wholeArrays ? undefined : found.indexes,
  };
}

function look(node: SyntaxNode, found: Found): void {
  const { scopes } = found.source;
  switch (node.type) {
    case "AssignmentExpression":
    case "UpdateExpression": {
      const target = node["left"] ?? node["argument"];
      if (!isNode(target) || !isOwnVariable(target, found)) found.writes = true;
      break;
    }
    case "MemberExpression": {
      const element = sharedElementOf(node, scopes);
      if (element !== undefined) {
        found.indexes.push(element.index);
        look(element.index, found);
        return;
      }
      break;
    }
    case "AwaitExpression":
    case "YieldExpression":
    case "NewExpression":
      if (node.type !== "NewExpression" || !isPureConstructor(node["callee"])) found.unknown = true;
      break;
    case "CallExpression":
      lookAtCall(node, found);
      break;
  }
  // Named where it is used: `ctx.shared(...)` by itself touches no element.
  if (sharedArrayOf(node, scopes) !== undefined) return;
  for (const child of childrenOf(node)) look(child, found);
}

function lookAtCall(call: SyntaxNode, found: Found): void {
  const { scopes } = found.source;
  const { callee } = call;
  if (!isNode(callee) || sharedArrayOf(call, scopes) !== undefined) return;
  const given = call["arguments"] as readonly SyntaxNode[];
  const takesArray = given.some((each) => sharedArrayOf(each, scopes) !== undefined);
  if (takesArray) found.wholeArrays = true;
  const called = calledFunction(call, scopes);
  const object = callee["object"];
  const method = nameOf(callee["property"]);
  if (isNode(object) && sharedArrayOf(object, scopes) !== undefined) {
    found.wholeArrays = true;
    if (!isReadingMethod(method)) found.writes = true;
  } else if (nameOf(object) === "Atomics") {
    if (method !== "load") found.writes = true;
  } else if (called !== undefined) {
    // Looked into only as far as it can't be told what its parameters are.
    if (takesArray || mentionsShared(called, found.source)) found.unknown = true;
  } else if (!isKnownToRead(callee, method, found)) {
    found.writes = true;
    if (takesArray) found.unknown = true;
  }
}

function mentionsShared(called: SyntaxNode, source: HandlerSource): boolean {
  const looks = (node: SyntaxNode): boolean =>
    /^(?:Assignment|Update|Await)Expression$/.test(node.type) ||
    (node.type === "MemberExpression" && node["computed"] === true) ||
    (node.type === "CallExpression" && calledFunction(node, source.scopes) === undefined) ||
    childrenOf(node).some(looks);
  return looks(called);
}

function isKnownToRead(callee: SyntaxNode, method: string | undefined, found: Found): boolean {
  const root = callee.type === "Identifier" ? callee : callee["object"];
  const isGlobal = isNode(root) && found.source.scopes.bindingOf(root) === undefined;
  return (isGlobal && isPureGlobal(callee)) || isReadingMethod(method);
}

function isOwnVariable(target: SyntaxNode, { source, within }: Found): boolean {
  const binding = target.type === "Identifier" ? source.scopes.bindingOf(target) : undefined;
  return (
    binding !== undefined && within.some((statement) => isWithin(binding.identifier, statement))
  );
}

/** Names and arithmetic: it has the same value before the lock is taken. */
export function isKey(index: SyntaxNode): boolean {
  if (isFunction(index)) return false;
  const plain = /^(?:Identifier|NumericLiteral|StringLiteral|BinaryExpression|MemberExpression)$/;
  return plain.test(index.type) && childrenOf(index).every(isKey);
}
