// Two locks that are taken one inside the other are taken in the other order, or in the order of their names where those are
// known only when the handler runs. May change behaviour: what takes them elsewhere must agree.

import { useAt, type HandlerSource } from "../source/handler-source.ts";
import type { LockUse } from "../source/lock-use.ts";
import { literal } from "../source/lock-name.ts";
import { isWithin } from "../source/scopes.ts";
import { isNode, walk, type SyntaxNode } from "../syntax.ts";
import { nestedPairs, type NestedPair } from "./nested-locks.ts";
import {
  indentAt,
  lineBreakOf,
  lineStart,
  replaced,
  unusedName,
  type Edit,
  type TextChange,
} from "./source-edit.ts";

const risk =
  "Both locks are held for the same statements as before, but they are taken in another order. Code in other files that takes them must take them in this order too.";

/** `offset`: at the inner acquire. */
export const globalLockOrder: Edit = (source, offset) => {
  const use = useAt(source, offset);
  const pairs = nestedPairs(source);
  const pair = pairs.find(({ inner, outer }) => inner === use || outer === use);
  if (pair === undefined) return undefined;
  const names = namesOf(pair);
  if (names === undefined) return byName(source, pair, pairs);
  const same = pairs.filter((each) => namesOf(each)?.join() === names.join());
  const changes = same.map((each) => swapped(source, each));
  if (changes.includes(undefined)) return undefined;
  return {
    title: `Take lock "${names[1]}" before lock "${names[0]}"`,
    changes: changes.flatMap((each) => each ?? []),
    risk,
  };
};

/** Outer first; undefined unless both are written down. */
function namesOf({ outer, inner }: NestedPair): readonly [string, string] | undefined {
  const first = literal(outer.lock.name);
  const second = literal(inner.lock.name);
  return first === undefined || second === undefined ? undefined : [first, second];
}

/** Whole statements change places where each has its guard, else the locks do. */
function swapped(source: HandlerSource, { outer, inner }: NestedPair): TextChange[] | undefined {
  const { text } = source;
  const textOf = ({ start, end }: SyntaxNode): string => text.slice(start, end);
  if (!isVisibleAt(source, inner.receiver, outer.statement)) return undefined;
  const exchange = (one: SyntaxNode, other: SyntaxNode): TextChange[] => [
    replaced(one, textOf(other)),
    replaced(other, textOf(one)),
  ];
  if (outer.form === "using" && inner.form === "using") {
    return exchange(outer.statement, inner.statement);
  }
  const first = releaseOf(source, outer);
  const second = releaseOf(source, inner);
  if (first === undefined || second === undefined) return exchange(outer.receiver, inner.receiver);
  return [...exchange(outer.statement, inner.statement), ...exchange(first, second)];
}

/** The guard's name in the one release that ends the form, where it is used for nothing else. */
function releaseOf({ scopes }: HandlerSource, use: LockUse): SyntaxNode | undefined {
  if (use.form !== "finally" || use.guard === undefined) return undefined;
  const finalizer = use.last["finalizer"];
  const binding = scopes.resolve(use.guard, use.last.end);
  const [only, ...others] = binding?.uses ?? [];
  if (only === undefined || others.length > 0 || !isNode(finalizer)) return undefined;
  return isWithin(only, finalizer) ? only : undefined;
}

/** Locks of one kind, by number or key: the names are sorted first, in every such pair of the file. */
function byName(
  source: HandlerSource,
  pair: NestedPair,
  pairs: readonly NestedPair[],
): ReturnType<Edit> {
  const shape = shapeOf(source, pair);
  if (shape === undefined) return undefined;
  const same = pairs.filter((each) => shapeOf(source, each) === shape);
  const changes = same.map((each) => sorted(source, each));
  if (changes.includes(undefined)) return undefined;
  return {
    title: "Take both locks in the order of their names",
    changes: changes.flatMap((each) => each ?? []),
    risk,
  };
}

/** The fixed parts of both names: `account-` and `account-` of two templates. */
function shapeOf({ text }: HandlerSource, { outer, inner }: NestedPair): string | undefined {
  const [one, other] = [outer, inner].map(({ lock }) => {
    if (lock.kind !== "mutex" || lock.name === undefined) return undefined;
    if (lock.name.type !== "TemplateLiteral") return "";
    const quasis = lock.name["quasis"] as readonly SyntaxNode[];
    return quasis.map(({ start, end }) => text.slice(start, end)).join("*");
  });
  return one !== undefined && one === other ? one : undefined;
}

function sorted(source: HandlerSource, { outer, inner }: NestedPair): TextChange[] | undefined {
  const { text, file } = source;
  const names = [outer.lock.name, inner.lock.name];
  const [one, other] = names;
  if (one === undefined || other === undefined) return undefined;
  const [first, second] = [unusedName(text, "firstLock"), unusedName(text, "secondLock")];
  const statement = one.start < other.start ? statementOf(source, one) : statementOf(source, other);
  if (statement === undefined || !isAlone(source, outer) || !isAlone(source, inner))
    return undefined;
  if (!isVisibleAt(source, one, statement) || !isVisibleAt(source, other, statement))
    return undefined;
  const list = `[${text.slice(one.start, one.end)}, ${text.slice(other.start, other.end)}].sort()`;
  const type = /\.[cm]?tsx?$/.test(file) ? " as [string, string]" : "";
  const mark = text[outer.statement.end - 1] === ";" ? ";" : "";
  const line = `${indentAt(text, statement.start)}const [${first}, ${second}] = ${list}${type}${mark}${lineBreakOf(text)}`;
  const at = lineStart(text, statement.start);
  return [{ start: at, end: at, text: line }, replaced(one, first), replaced(other, second)];
}

/** The statement of a block that a lock's name stands in. */
function statementOf({ scopes }: HandlerSource, name: SyntaxNode): SyntaxNode | undefined {
  let node: SyntaxNode | undefined = name;
  let parent = scopes.parentOf(name);
  while (parent !== undefined && parent.type !== "BlockStatement" && parent.type !== "Program") {
    node = parent;
    parent = scopes.parentOf(node);
  }
  return parent === undefined ? undefined : node;
}

/** A constant that the lock is kept in is used for this acquire alone. */
function isAlone({ scopes }: HandlerSource, { receiver, lock }: LockUse): boolean {
  if (receiver === lock.made) return true;
  const binding = receiver.type === "Identifier" ? scopes.bindingOf(receiver) : undefined;
  return binding?.uses.length === 1;
}

/** Every name in the expression means the same already before the statement. */
function isVisibleAt(
  { scopes }: HandlerSource,
  expression: SyntaxNode,
  statement: SyntaxNode,
): boolean {
  return [...walk(expression)].every((node) => {
    const binding = node.type === "Identifier" ? scopes.bindingOf(node) : undefined;
    return (
      binding === undefined ||
      binding.kind === "parameter" ||
      binding.kind === "import" ||
      binding.kind === "function" ||
      (binding.identifier.end <= statement.start && binding.writes.length === 0)
    );
  });
}
