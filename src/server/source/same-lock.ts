// Whether two places take the same lock: by the text that names it. What can't be told is said to be possible.

import type { HandlerSource } from "./handler-source.ts";
import type { Lock, LockKind, LockUse } from "./lock-use.ts";
import { couldBe, literal } from "./lock-name.ts";
import { lockElsewhere } from "./other-files.ts";
import { isNode, lineAt, nameOf, walk, type SyntaxNode } from "../syntax.ts";

export interface UsesOfLock {
  /** Every use that is surely of this lock, in the order of the text. */
  readonly uses: readonly LockUse[];
  /** Why there may be more than those; undefined when there are not, in this file and in those that ran with it. */
  readonly doubt: string | undefined;
  /** Another file that ran with this one surely takes the lock. */
  readonly isElsewhere: boolean;
}

/** Undefined for a lock without a name that is written down. */
export function usesOfLock(source: HandlerSource, lock: Lock): UsesOfLock | undefined {
  const name = literal(lock.name);
  if (name === undefined) return undefined;
  const uses = source.uses.filter((use) => literal(use.lock.name) === name);
  const places = lockPlaces(source.tree, lock.kind);
  const unclear = places.filter((place) => couldBe(place.name, name) !== "no");
  const followed = new Set(uses.map((use) => use.lock.made));
  const other = unclear.find((place) => !isFollowed(place, followed, uses, source));
  const elsewhere = lockElsewhere(source.beside, lock.kind, name);
  const place =
    other === undefined ? elsewhere?.place : `Line ${lineAt(source.text, other.call.start)}`;
  const doubt = place === undefined ? undefined : `${place} may take lock "${name}" too.`;
  return { uses, doubt, isElsewhere: elsewhere?.isSure === true };
}

interface LockPlace {
  readonly call: SyntaxNode;
  readonly name: SyntaxNode;
}

/** Every `ctx.mutex(name)` of the file, whatever becomes of it. */
function lockPlaces(tree: SyntaxNode, kind: LockKind): LockPlace[] {
  return [...walk(tree)].flatMap((call) => {
    const callee = call["callee"];
    if (call.type !== "CallExpression" || !isNode(callee)) return [];
    if (nameOf(callee["property"]) !== kind) return [];
    const [name] = call["arguments"] as readonly SyntaxNode[];
    return name === undefined ? [] : [{ call, name }];
  });
}

/** Taken in a form that is understood, by this place or by the constant that it was given to. */
function isFollowed(
  { call, name }: LockPlace,
  followed: ReadonlySet<SyntaxNode | undefined>,
  uses: readonly LockUse[],
  { scopes }: HandlerSource,
): boolean {
  if (literal(name) === undefined || !followed.has(call)) return false;
  const declarator = scopes.parentOf(call);
  if (declarator?.type !== "VariableDeclarator") return true;
  const identifier = declarator["id"];
  const binding = isNode(identifier) ? scopes.bindingOf(identifier) : undefined;
  const receivers = new Set(uses.map(({ receiver }) => receiver));
  return binding?.uses.every((use) => receivers.has(use)) === true;
}
