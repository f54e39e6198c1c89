// Where a file takes one lock directly inside another: nothing runs under the outer one alone that could need it.

import type { HandlerSource } from "../source/handler-source.ts";
import { lockOf, type LockUse } from "../source/lock-use.ts";
import { purityOf } from "../source/purity.ts";
import { isWithin } from "../source/scopes.ts";
import { sharedArrayOf } from "../source/shared-memory.ts";
import { isNode, type SyntaxNode } from "../syntax.ts";
import { declaredConstant } from "./locked-statements.ts";

export interface NestedPair {
  readonly outer: LockUse;
  readonly inner: LockUse;
}

/** In the order of the text. */
export function nestedPairs(source: HandlerSource): NestedPair[] {
  return source.uses.flatMap((inner) => {
    const outer = source.uses.findLast(
      (use) => use !== inner && use.held.some((statement) => isWithin(inner.call, statement)),
    );
    return outer !== undefined && isDirect(source, outer, inner) ? [{ outer, inner }] : [];
  });
}

function isDirect(source: HandlerSource, outer: LockUse, inner: LockUse): boolean {
  const { held } = outer;
  const at = held.findIndex((statement) => isWithin(inner.call, statement));
  const start = held[at];
  if (start === undefined || inner.held.length === 0) return false;
  const before = held.slice(0, at);
  if (!before.every((statement) => needsNoLock(source, statement))) return false;
  if (inner.form === "run") return isNothingElse(start, inner.call) && at === held.length - 1;
  return start === inner.statement && held.at(-1) === inner.last;
}

/** Names for shared memory and for locks, and what is computed from the turn's own values. */
function needsNoLock(source: HandlerSource, statement: SyntaxNode): boolean {
  const value = declaredConstant(statement);
  if (value === undefined) return false;
  const { scopes } = source;
  const isName = sharedArrayOf(value, scopes) ?? lockOf(value, scopes);
  return isName !== undefined || purityOf(value, source, false) !== undefined;
}

/** `return call;`, `await call;`, `call;`, or the call itself. */
function isNothingElse(statement: SyntaxNode, call: SyntaxNode): boolean {
  if (statement === call) return true;
  const inner = statement["expression"] ?? statement["argument"];
  return isNode(inner) && isNothingElse(inner, call);
}
