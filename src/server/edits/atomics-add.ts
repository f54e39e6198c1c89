// A lock around a counter in shared memory becomes Atomics, for every use of the lock in the file at once: an update that is
// still made under the lock would be lost among those that no longer take it. Not where another file that ran with this one takes
// the lock or uses the memory: it would have to be changed with it.

import { reachable } from "../source/calls.ts";
import { commentsIn } from "../source/comments.ts";
import { useAt, type HandlerSource } from "../source/handler-source.ts";
import type { LockUse } from "../source/lock-use.ts";
import { literal } from "../source/lock-name.ts";
import { sharedElsewhere } from "../source/other-files.ts";
import { usesOfLock } from "../source/same-lock.ts";
import { sharedArrayOf } from "../source/shared-memory.ts";
import { walk, type SyntaxNode } from "../syntax.ts";
import { sharedOperation, type SharedOperation } from "./shared-operation.ts";
import { indentAt, lineBreakOf, replaced, type Edit, type TextChange } from "./source-edit.ts";

export const atomicsAdd: Edit = (source, offset) => {
  const use = useAt(source, offset);
  if (use?.lock.kind !== "mutex") return undefined;
  const all = usesOfLock(source, use.lock);
  const operation = sharedOperation(source, use);
  if (all === undefined || operation === undefined || !changesElement(operation)) return undefined;
  const { array } = operation.element;
  const shared = sharedElsewhere(source.beside, array.name);
  if (all.isElsewhere || shared?.isSure === true) return undefined;
  const sharedDoubt =
    shared === undefined ? undefined : `${shared.place} may use shared "${array.name}" too.`;
  const others: LockUse[] = [];
  const changes: TextChange[] = [];
  let isWhole = true;
  for (const each of all.uses) {
    const found = sharedOperation(source, each);
    const change =
      found?.element.array.name === array.name ? changeOf(source, each, found) : undefined;
    if (found === undefined || change === undefined) others.push(each);
    else changes.push(change);
    if (change !== undefined && found?.isWhole === false) isWhole = false;
  }
  if (changes.length === 0 || others.some((each) => touches(source, each, array.name))) {
    return undefined;
  }
  const name = literal(use.lock.name) ?? "";
  return {
    title: `Replace lock "${name}" by Atomics.${operation.method}`,
    changes,
    risk: riskOf(name, others, all.doubt ?? sharedDoubt, isWhole),
  };
};

function changesElement({ method }: SharedOperation): boolean {
  return method !== "load" && method !== "store";
}

function riskOf(
  name: string,
  others: readonly LockUse[],
  doubt: string | undefined,
  isWhole: boolean,
): string | undefined {
  if (others.length > 0) {
    return `Lock "${name}" guards other things too: whoever holds it for those no longer keeps the counter from changing.`;
  }
  if (doubt !== undefined) return doubt;
  return isWhole
    ? undefined
    : "Atomics counts in whole numbers: a fraction is cut off before it is added.";
}

/** Whatever the region does with the array, and whatever it calls does, is no longer kept apart from the counter. */
function touches({ scopes, tree }: HandlerSource, use: LockUse, name: string): boolean {
  const nodes = use.form === "other" ? [use.around ?? tree] : use.held;
  return [...reachable(nodes, scopes)].some((node) =>
    [...walk(node)].some((each) => sharedArrayOf(each, scopes)?.name === name),
  );
}

function changeOf(
  source: HandlerSource,
  use: LockUse,
  operation: SharedOperation,
): TextChange | undefined {
  const value = valueOf(source, operation);
  if (value === undefined) return undefined;
  if (use.form === "run") {
    const [callback] = use.call["arguments"] as readonly SyntaxNode[];
    const isWanted = use.statement.type !== "ExpressionStatement";
    // A block without a return gives nothing, and the new expression would give a number.
    const givesNothing = isWanted && operation.gives === "nothing";
    if (givesNothing || callback?.["async"] === true) return undefined;
    return replaced(use.call, isWanted ? `(${value})` : plainOf(source, operation));
  }
  const { start } = use.statement;
  const { end } = use.last;
  const { text } = source;
  const mark = text[use.statement.end - 1] === ";" ? ";" : "";
  const line = lineBreakOf(text) + indentAt(text, start);
  const comments = commentsIn(text, source.tree, { start, end }).map((each) => each + line);
  const statement = operation.returns ? `return ${value}` : plainOf(source, operation);
  return { start, end, text: `${comments.join("")}${statement}${mark}` };
}

function plainOf({ text }: HandlerSource, { element, method, operand }: SharedOperation): string {
  const textOf = ({ start, end }: SyntaxNode): string => text.slice(start, end);
  const given = [textOf(element.object), textOf(element.index), operand ?? []].flat();
  return `Atomics.${method}(${given.join(", ")})`;
}

const signs: Readonly<Record<string, string>> = { add: "+", sub: "-", or: "|", and: "&", xor: "^" };

/** Atomics gives what was there before; what is there after is the same operation again, cut to the element's width. */
function valueOf(source: HandlerSource, operation: SharedOperation): string | undefined {
  const before = plainOf(source, operation);
  const { gives, method, operand, element } = operation;
  if (gives === "before" || gives === "nothing" || method === "store") return before;
  const sign = signs[method];
  if (sign === undefined || operand === undefined) return undefined;
  const isSimple = /^-?[\w$.]+$/.test(operand);
  const after = `${before} ${sign} ${isSimple && !operand.startsWith("-") ? operand : `(${operand})`}`;
  if (gives === "after") return after;
  switch (element.array.type) {
    case "Int32Array":
      return `(${after}) | 0`;
    case "Uint32Array":
      return `(${after}) >>> 0`;
    case "BigInt64Array":
      return `BigInt.asIntN(64, ${after})`;
    case "BigUint64Array":
      return `BigInt.asUintN(64, ${after})`;
    default:
      return undefined;
  }
}
