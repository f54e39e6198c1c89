// Moves what needs no lock out of the locked region, to before the acquire: statements that compute a value from what nobody
// can change meanwhile, and such calls within other statements. Safe: they touch nothing, and give the same.

import { useAt, type HandlerSource } from "../source/handler-source.ts";
import { walkOwn, type LockUse } from "../source/lock-use.ts";
import { purityOf } from "../source/purity.ts";
import { isWork } from "../source/work.ts";
import { isNode, nameOf, type SyntaxNode } from "../syntax.ts";
import {
  calledIn,
  declaredConstant,
  isConstantRead,
  isFreeOf,
  moveBefore,
} from "./locked-statements.ts";
import {
  indentAt,
  lineBreakOf,
  lineStart,
  replaced,
  unusedName,
  type Edit,
  type SourceEdit,
} from "./source-edit.ts";

/** `offset`: at the acquire, or in what runs under the lock. */
export const moveOutOfLock: Edit = (source, offset) => {
  const use = useAt(source, offset);
  if (use === undefined || !Array.isArray(use.block["body"])) return undefined;
  return movedStatements(source, use) ?? hoistedCall(source, use);
};

function movedStatements(source: HandlerSource, use: LockUse): SourceEdit | undefined {
  const movable: SyntaxNode[] = [];
  const passed: SyntaxNode[] = [];
  for (const statement of use.held) {
    if (isMovable(source, use, statement, passed)) movable.push(statement);
    else if (isConstantRead(source, statement)) passed.push(statement);
    else break;
  }
  const worth = movable.find((statement) => isWork(statement, source));
  const changes = worth === undefined ? undefined : moveBefore(source, use, movable);
  if (worth === undefined || changes === undefined) return undefined;
  return { title: `Move ${calledIn(worth)} out of the lock`, changes, risk: undefined };
}

function isMovable(
  source: HandlerSource,
  use: LockUse,
  statement: SyntaxNode,
  passed: readonly SyntaxNode[],
): boolean {
  const value = declaredConstant(statement);
  if (value === undefined || !isFreeOf(source, use, statement, passed)) return false;
  return purityOf(value, source, use.blocks) !== undefined;
}

/** A call within a statement becomes a constant of its own: `cells[0] += hash(amount)`. */
function hoistedCall(source: HandlerSource, use: LockUse): SourceEdit | undefined {
  const passed: SyntaxNode[] = [];
  for (const statement of use.held) {
    const call = hoistable(source, use, statement, passed);
    if (call !== undefined) return hoisted(source, use, call);
    if (!isStraight(statement)) return undefined;
    passed.push(statement);
  }
  return undefined;
}

function hoistable(
  source: HandlerSource,
  use: LockUse,
  statement: SyntaxNode,
  passed: readonly SyntaxNode[],
): SyntaxNode | undefined {
  return evaluatedOnce(statement).find((call) => {
    if (!isWork(call, source) || !isFreeOf(source, use, call, passed)) return false;
    const purity = purityOf(call, source, use.blocks);
    // What may throw must not go before something that would have been done by then.
    const others = [...walkOwn(statement)].some(
      (node) =>
        node !== call && /^(?:Call|New|Await)Expression$/.test(node.type) && !isInside(node, call),
    );
    return (
      purity === "total" ||
      (purity !== undefined && !others && passed.every((each) => isConstantRead(source, each)))
    );
  });
}

function isInside(node: SyntaxNode, outer: SyntaxNode): boolean {
  return outer.start <= node.start && node.end <= outer.end;
}

/** Calls that the statement makes whenever it runs, exactly once; outermost first. */
function evaluatedOnce(statement: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const look = (node: unknown): void => {
    if (!isNode(node)) return;
    if (node.type === "CallExpression") found.push(node);
    for (const key of ["expression", "argument", "right", "init", "object"]) look(node[key]);
    if (node.type !== "LogicalExpression") look(node["left"]);
    for (const key of ["arguments", "declarations", "elements"]) {
      const list = node[key];
      if (Array.isArray(list)) list.forEach(look);
    }
  };
  const simple = /^(?:Expression|Return)Statement$|^VariableDeclaration$/;
  if (simple.test(statement.type)) look(statement);
  return found;
}

/** Goes on to the next statement whatever happens: it calls nobody and leaves by no other way. */
function isStraight(statement: SyntaxNode): boolean {
  return [...walkOwn(statement)].every(
    ({ type }) =>
      !/^(?:Call|New|Await|Yield|OptionalCall|TaggedTemplate)Expression$/.test(type) &&
      !/^(?:Return|Throw|Break|Continue|For|While|DoWhile|Try|Switch)/.test(type),
  );
}

function hoisted(source: HandlerSource, use: LockUse, call: SyntaxNode): SourceEdit {
  const { text } = source;
  const callee = isNode(call["callee"]) ? call["callee"] : call;
  const called = nameOf(callee) ?? nameOf(callee["property"]) ?? "value";
  const name = unusedName(text, `${called}Result`);
  const { start } = use.statement;
  const mark = text[use.statement.end - 1] === ";" ? ";" : "";
  const line = `${indentAt(text, start)}const ${name} = ${text.slice(call.start, call.end)}${mark}${lineBreakOf(text)}`;
  const at = lineStart(text, start);
  return {
    title: `Move ${called}() out of the lock`,
    changes: [{ start: at, end: at, text: line }, replaced(call, name)],
    risk: undefined,
  };
}
