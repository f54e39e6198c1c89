// Moves what waits for something else (an await, a call that blocks) out of the locked region: from its beginning to before
// the acquire, from its end to behind the release. May change behaviour: what is waited for happens at another moment than
// what the lock keeps together with it.

import { calledFunction, reachable } from "../source/calls.ts";
import { useAt, type HandlerSource } from "../source/handler-source.ts";
import { walkOwn, type LockUse } from "../source/lock-use.ts";
import { nodeFunctionOf } from "../source/node-function.ts";
import { purityOf } from "../source/purity.ts";
import { isWithin } from "../source/scopes.ts";
import { isFunction, isNode, type SyntaxNode } from "../syntax.ts";
import {
  calledIn,
  declaredConstant,
  isConstantRead,
  isFreeOf,
  moveBefore,
  moveBehind,
  touchesShared,
} from "./locked-statements.ts";
import type { Edit } from "./source-edit.ts";

/** `offset`: at the acquire, or in what runs under the lock. */
export const moveWaitOutOfLock: Edit = (source, offset) => {
  const use = useAt(source, offset);
  if (use === undefined || !Array.isArray(use.block["body"])) return undefined;
  const before = leading(source, use);
  const behind = trailing(source, use).filter((statement) => !before.includes(statement));
  const waits = [...before, ...behind].filter((statement) => isWait(source, statement));
  const [first] = waits;
  if (first === undefined) return undefined;
  const changes = [
    before.some((each) => waits.includes(each)) ? moveBefore(source, use, before) : [],
    behind.length > 0 ? moveBehind(source, use, behind) : [],
  ];
  if (changes.includes(undefined)) return undefined;
  return {
    title: `Move ${calledIn(first)} out of the lock`,
    changes: changes.flatMap((each) => each ?? []),
    risk: `${calledIn(first)} no longer runs while the lock is held: another thread may run it, or change what it depends on, between it and what the lock guards.`,
  };
};

/** From the first statement on, what may go before the acquire. */
function leading(source: HandlerSource, use: LockUse): SyntaxNode[] {
  const movable: SyntaxNode[] = [];
  const passed: SyntaxNode[] = [];
  for (const statement of use.held) {
    if (mayLead(source, use, statement, passed)) movable.push(statement);
    else if (isConstantRead(source, statement)) passed.push(statement);
    else break;
  }
  return movable;
}

function mayLead(
  source: HandlerSource,
  use: LockUse,
  statement: SyntaxNode,
  passed: readonly SyntaxNode[],
): boolean {
  if (!isFreeOf(source, use, statement, passed)) return false;
  const value = declaredConstant(statement);
  if (value !== undefined && purityOf(value, source, use.blocks) !== undefined) return true;
  return isWait(source, statement) && isApart(source, statement);
}

/** The last statements, as far as they may go behind the release. */
function trailing(source: HandlerSource, use: LockUse): SyntaxNode[] {
  const isUnused = use.form !== "run" || use.statement === statementOf(use);
  const leavesEarly =
    use.form === "run" &&
    use.held.some((each) => [...walkOwn(each)].some(({ type }) => type === "ReturnStatement"));
  if (use.form === "using" || !isUnused || leavesEarly) return [];
  const movable: SyntaxNode[] = [];
  for (const statement of use.held.toReversed()) {
    const rest = use.held.filter((each) => each !== statement);
    const isEffect = statement.type === "ExpressionStatement" && isWait(source, statement);
    if (!isEffect || !isApart(source, statement) || !isFreeOf(source, use, statement, rest)) break;
    movable.unshift(statement);
  }
  return movable;
}

/** The statement, if it is nothing but the call, awaited or not: what it gives is not used. */
function statementOf({ statement, call }: LockUse): SyntaxNode | undefined {
  const expression = statement["expression"];
  if (statement.type !== "ExpressionStatement" || !isNode(expression)) return undefined;
  const inner = expression.type === "AwaitExpression" ? expression["argument"] : expression;
  return inner === call ? statement : undefined;
}

/** It awaits, or calls something of Node or of another module that may block. */
function isWait({ scopes }: HandlerSource, statement: SyntaxNode): boolean {
  if (!/^(?:ExpressionStatement|VariableDeclaration)$/.test(statement.type)) return false;
  return [...walkOwn(statement)].some((node) => {
    if (node.type === "AwaitExpression") return true;
    return nodeFunctionOf(node, scopes)?.name.endsWith("Sync") === true;
  });
}

/** It touches nothing that threads share, writes to no variable but its own, and hands `ctx` to nobody unknown. */
function isApart(source: HandlerSource, statement: SyntaxNode): boolean {
  const { scopes } = source;
  if (touchesShared(source, [statement, ...reachable([statement], scopes)])) return false;
  return [...walkOwn(statement)].every((node) => {
    const target = node["left"] ?? node["argument"];
    const writes = node.type === "AssignmentExpression" || node.type === "UpdateExpression";
    const binding = isNode(target) ? scopes.bindingOf(target) : undefined;
    if (writes && (binding === undefined || !isWithin(binding.identifier, statement))) return false;
    if (node.type !== "CallExpression" || calledFunction(node, scopes) !== undefined) return true;
    return (node["arguments"] as readonly SyntaxNode[]).every((given) => !isContext(source, given));
  });
}

/** The second parameter of a function: by which whoever gets it reaches locks and shared memory. */
function isContext({ scopes }: HandlerSource, given: SyntaxNode): boolean {
  const binding = given.type === "Identifier" ? scopes.bindingOf(given) : undefined;
  if (binding === undefined || binding.kind !== "parameter" || !isFunction(binding.owner))
    return false;
  return binding.name === "ctx" || binding.name === "context";
}
