// What the edits that move statements out of a locked region ask of them, and how whole lines are moved: with their comments,
// at the indent of where they go.

import type { HandlerSource } from "../source/handler-source.ts";
import { walkOwn, type LockUse } from "../source/lock-use.ts";
import { isWithin, patternNames } from "../source/scopes.ts";
import { sharedArrayOf } from "../source/shared-memory.ts";
import { isNode, nameOf, walk, type SyntaxNode } from "../syntax.ts";
import { indentAt, lineBreakOf, lineEnd, lineStart, type TextChange } from "./source-edit.ts";

/** The value of `const x = value;`. */
export function declaredConstant(statement: SyntaxNode): SyntaxNode | undefined {
  if (statement.type !== "VariableDeclaration" || statement["kind"] !== "const") return undefined;
  const [declarator, ...others] = statement["declarations"] as readonly SyntaxNode[];
  const init = declarator?.["init"];
  return others.length === 0 && isNode(init) ? init : undefined;
}

const doing = /^(?:Call|New|Await|Yield|OptionalCall|Assignment|Update|TaggedTemplate)Expression$/;

/** Reads into a constant, or gives shared memory a name, and does nothing else. */
export function isConstantRead({ scopes }: HandlerSource, statement: SyntaxNode): boolean {
  const value = declaredConstant(statement);
  if (value === undefined) return false;
  if (sharedArrayOf(value, scopes) !== undefined) return true;
  return [...walkOwn(value)].every(({ type }) => !doing.test(type));
}

/** It uses nothing that the statements before it declare, and its own names mean nothing outside the region. */
export function isFreeOf(
  { scopes }: HandlerSource,
  use: LockUse,
  node: SyntaxNode,
  passed: readonly SyntaxNode[],
): boolean {
  const usesThem = [...walk(node)].some((each) => {
    const binding = each.type === "Identifier" ? scopes.bindingOf(each) : undefined;
    return (
      binding !== undefined &&
      !isWithin(binding.identifier, node) &&
      (passed.some((statement) => isWithin(binding.identifier, statement)) ||
        isWithin(binding.identifier, use.statement))
    );
  });
  if (usesThem) return false;
  const declarators = (node["declarations"] ?? []) as readonly SyntaxNode[];
  return declarators
    .flatMap(({ id }) => patternNames(id))
    .every((name) => !isUsedOutside(nameOf(name) ?? "", use));
}

/** The name becomes visible in the whole block: there it must mean nothing yet. */
function isUsedOutside(name: string, { block, around, held }: LockUse): boolean {
  const first = held[0]?.start ?? 0;
  const last = held.at(-1)?.end ?? 0;
  return [...walk(around ?? block)].some(
    (node) =>
      node.type === "Identifier" &&
      nameOf(node) === name &&
      (node.start < first || node.end > last),
  );
}

/** Whether it may touch what the threads share, itself or by the functions of the file that it calls. */
export function touchesShared({ scopes }: HandlerSource, nodes: Iterable<SyntaxNode>): boolean {
  for (const node of nodes) {
    for (const each of walk(node)) {
      if (sharedArrayOf(each, scopes) !== undefined) return true;
      const isMember = each.type === "MemberExpression";
      const property = isMember ? nameOf(each["property"]) : undefined;
      if (property !== undefined && sharing.test(property)) return true;
      if (nameOf(each["object"]) === "Atomics") return true;
      // An element of who knows what.
      if (isMember && each["computed"] === true && !isLiteralKey(each)) return true;
    }
  }
  return false;
}

const sharing =
  /^(?:shared|mutex|rwLock|semaphore|condition|barrier|striped|acquire|acquireAsync|tryAcquire|submit|release)$/;

function isLiteralKey(member: SyntaxNode): boolean {
  const key = member["property"];
  return isNode(key) && key.type === "StringLiteral";
}

/** Undefined when something else stands on their lines. */
export function moveBefore(
  source: HandlerSource,
  use: LockUse,
  statements: readonly SyntaxNode[],
): TextChange[] | undefined {
  const at = lineStart(source.text, use.statement.start);
  return moveLines(source, use, statements, at);
}

export function moveBehind(
  source: HandlerSource,
  use: LockUse,
  statements: readonly SyntaxNode[],
): TextChange[] | undefined {
  const at = lineEnd(source.text, use.last.end);
  return moveLines(source, use, statements, at);
}

function moveLines(
  { text }: HandlerSource,
  use: LockUse,
  statements: readonly SyntaxNode[],
  at: number,
): TextChange[] | undefined {
  if (!statements.every((statement) => standsAlone(text, statement))) return undefined;
  if (!standsAlone(text, { start: use.statement.start, end: use.last.end })) return undefined;
  const indent = indentAt(text, use.statement.start);
  const pieces = statements.map((statement) => ({
    start: lineStart(text, withComments(text, statement)),
    end: lineEnd(text, statement.end),
  }));
  const moved = pieces.map(({ start, end }) => reindented(text.slice(start, end), indent));
  return [
    { start: at, end: at, text: moved.join("") },
    ...pieces.map(({ start, end }) => ({ start, end, text: "" })),
  ].map((change) => withBreak(text, change));
}

/** What goes behind a last line that has no line break gets one before it. */
function withBreak(text: string, change: TextChange): TextChange {
  const isOpen = change.text !== "" && change.start === text.length && !text.endsWith("\n");
  return isOpen ? { ...change, text: lineBreakOf(text) + change.text } : change;
}

/** Offset of the comment lines right above, or of the statement itself. */
function withComments(text: string, { start }: SyntaxNode): number {
  let at = lineStart(text, start);
  while (at > 0) {
    const above = lineStart(text, at - 1);
    if (!/^\s*\/\//.test(text.slice(above, at))) break;
    at = above;
  }
  return at;
}

/** Nothing else but a comment stands on the lines, so that they can move whole. */
function standsAlone(text: string, { start, end }: Pick<SyntaxNode, "start" | "end">): boolean {
  const before = text.slice(lineStart(text, start), start);
  const after = text.slice(end, lineEnd(text, end));
  return before.trim() === "" && /^\s*(?:\/\/.*)?\s*$/.test(after);
}

function reindented(piece: string, indent: string): string {
  const present = /^[ \t]*/.exec(piece)?.[0] ?? "";
  return piece
    .split("\n")
    .map((line) => (line.startsWith(present) ? indent + line.slice(present.length) : line))
    .map((line) => (line.trim() === "" ? line.replace(/[ \t]+/, "") : line))
    .join("\n");
}

/** For a title: what the statement calls first. */
export function calledIn(statement: SyntaxNode): string {
  for (const node of walkOwn(statement)) {
    const callee = node["callee"];
    if (node.type !== "CallExpression" || !isNode(callee)) continue;
    const name = nameOf(callee) ?? nameOf(callee["property"]);
    if (name !== undefined) return `${name}()`;
  }
  return "the work";
}
