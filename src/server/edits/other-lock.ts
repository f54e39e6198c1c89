// Puts another kind of lock in place of a mutex, at every use in the file: a read-write lock where regions only read, a striped
// lock where each region keeps to one element. May change behaviour: the mutex kept apart what these let run at once.

import { useAt, type HandlerSource } from "../source/handler-source.ts";
import type { LockUse } from "../source/lock-use.ts";
import { literal } from "../source/lock-name.ts";
import { usesOfLock } from "../source/same-lock.ts";
import { isNode, walk, type SyntaxNode } from "../syntax.ts";
import { isKey, sharedAccess } from "./shared-access.ts";
import { replaced, type Edit, type TextChange } from "./source-edit.ts";

const stripes = 64;

export const readWriteLock: Edit = (source, offset) => {
  const all = usesToChange(source, offset);
  if (all === undefined) return undefined;
  const sides = all.uses.map((use) => {
    const access = sharedAccess(source, use);
    return access?.readsOnly === true ? "read" : "write";
  });
  if (!sides.includes("read")) return undefined;
  const changes = changesOf(all.uses, {
    maker: "rwLock",
    given: "",
    sideOf: (use) => `.${sides[all.uses.indexOf(use)] ?? "write"}`,
  });
  return {
    title: `Make "${all.name}" a read-write lock`,
    changes,
    risk: "Those that only read run at once from now on. Other files that take this lock must take it as a read-write lock too.",
  };
};

export const stripedLock: Edit = (source, offset) => {
  const all = usesToChange(source, offset);
  if (all === undefined) return undefined;
  const keys = all.uses.map((use) => keyOf(source, use));
  if (keys.includes(undefined)) return undefined;
  const [first] = new Set(keys.map((key) => (key?.type === "NumericLiteral" ? "fixed" : "key")));
  if (first === "fixed" && keys.every((key) => key?.type === "NumericLiteral")) return undefined;
  const keyText = (use: LockUse): string => {
    const key = keys[all.uses.indexOf(use)];
    return key === undefined ? "" : source.text.slice(key.start, key.end);
  };
  const changes = changesOf(all.uses, {
    maker: "striped",
    given: `, ${stripes}`,
    sideOf: (use) => `.of(${keyText(use)})`,
  });
  return {
    title: `Stripe lock "${all.name}" by ${keyText(all.use)}`,
    changes,
    risk: "Holders of different elements run at once from now on: whatever else the lock kept apart, such as sums over all elements, is no longer. Other files that take this lock must stripe it too.",
  };
};

interface UsesToChange {
  readonly name: string;
  readonly use: LockUse;
  readonly uses: readonly LockUse[];
}

/** Undefined unless every place in the file that takes the lock is known. */
function usesToChange(source: HandlerSource, offset: number): UsesToChange | undefined {
  const use = useAt(source, offset);
  const name = literal(use?.lock.name);
  if (use?.lock.kind !== "mutex" || name === undefined) return undefined;
  const all = usesOfLock(source, use.lock);
  if (all === undefined || all.doubt !== undefined) return undefined;
  return all.uses.every(isReached) ? { name, use, uses: all.uses } : undefined;
}

/** By `ctx.mutex(name)` itself, or by the constant that it was given to. */
function isReached({ lock, receiver }: LockUse): boolean {
  return lock.made !== undefined && (receiver === lock.made || receiver.type === "Identifier");
}

/** The one index that all elements of the region have, where it is known before the lock is taken. */
function keyOf(source: HandlerSource, use: LockUse): SyntaxNode | undefined {
  const indexes = sharedAccess(source, use)?.indexes ?? [];
  const [key] = indexes;
  const textOf = ({ start, end }: SyntaxNode): string => source.text.slice(start, end);
  if (key === undefined || !isKey(key)) return undefined;
  if (!indexes.every((index) => textOf(index) === textOf(key))) return undefined;
  const isKnownBefore = [...walk(key)].every((node) => {
    const binding = node.type === "Identifier" ? source.scopes.bindingOf(node) : undefined;
    if (binding === undefined) return true;
    return binding.identifier.end <= use.call.start && binding.writes.length === 0;
  });
  return isKnownBefore ? key : undefined;
}

interface OtherLock {
  /** `ctx.<maker>(name<given>)<side>` */
  readonly maker: string;
  readonly given: string;
  readonly sideOf: (use: LockUse) => string;
}

function changesOf(uses: readonly LockUse[], { maker, given, sideOf }: OtherLock): TextChange[] {
  const made = new Set(uses.flatMap(({ lock }) => lock.made ?? []));
  const makers = [...made].flatMap((call): TextChange[] => {
    const callee = call["callee"];
    const method = isNode(callee) ? callee["property"] : undefined;
    const [name] = call["arguments"] as readonly SyntaxNode[];
    if (!isNode(method) || name === undefined) return [];
    return [replaced(method, maker), { start: name.end, end: name.end, text: given }];
  });
  const sides = uses.map((use) => ({
    start: use.receiver.end,
    end: use.receiver.end,
    text: sideOf(use),
  }));
  return [...makers, ...sides];
}
