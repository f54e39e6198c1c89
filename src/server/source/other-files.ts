// The other files that ran in the same pool: locks and shared memory are known there by the same names, and an edit sees one file
// only. What can't be told of them is said to be possible.

import { isNode, lineAt, nameOf, parseText, walk, type SyntaxNode } from "../syntax.ts";
import { scopesOf, type Scopes } from "./scopes.ts";
import { couldBe, literal } from "./lock-name.ts";
import type { LockKind } from "./lock-use.ts";

export interface OtherFile {
  /** As a person reads it. */
  readonly shown: string;
  readonly text: string;
}

export interface OtherUse {
  readonly isSure: boolean;
  /** "cells.ts, line 4". */
  readonly place: string;
}

/** The surest place that takes the lock. */
export function lockElsewhere(
  files: readonly OtherFile[],
  kind: LockKind,
  name: string,
): OtherUse | undefined {
  return surest(files, name, kind, () => true);
}

/** The surest place that uses the shared array, other than by Atomics. */
export function sharedElsewhere(files: readonly OtherFile[], name: string): OtherUse | undefined {
  return surest(files, name, "shared", (call, scopes) => !isAtomicOnly(call, scopes));
}

function surest(
  files: readonly OtherFile[],
  name: string,
  maker: string,
  counts: (call: SyntaxNode, scopes: Scopes) => boolean,
): OtherUse | undefined {
  const found = files.flatMap((file) => usesIn(file, name, maker, counts));
  return found.find(({ isSure }) => isSure) ?? found[0];
}

function usesIn(
  { shown, text }: OtherFile,
  name: string,
  maker: string,
  counts: (call: SyntaxNode, scopes: Scopes) => boolean,
): OtherUse[] {
  const tree = parseText(text, shown);
  // What is no code just now may be some in a moment.
  if (tree === undefined) return text.includes(name) ? [{ isSure: false, place: shown }] : [];
  const scopes = scopesOf(tree);
  return [...walk(tree)].flatMap((call): OtherUse[] => {
    const { callee } = call;
    if (call.type !== "CallExpression" || !isNode(callee)) return [];
    if (nameOf(callee["property"]) !== maker) return [];
    const [given] = call["arguments"] as readonly SyntaxNode[];
    if (given === undefined || couldBe(given, name) === "no" || !counts(call, scopes)) return [];
    const place = `${shown}, line ${lineAt(text, call.start)}`;
    return [{ isSure: literal(given) !== undefined, place }];
  });
}

/** The array, or the constant that it was given to, is the first argument of calls of Atomics and nothing else. */
function isAtomicOnly(call: SyntaxNode, scopes: Scopes): boolean {
  const declarator = scopes.parentOf(call);
  if (declarator?.type !== "VariableDeclarator") return isAtomicArgument(call, scopes);
  const identifier = declarator["id"];
  const binding = isNode(identifier) ? scopes.bindingOf(identifier) : undefined;
  if (binding === undefined || binding.writes.length > 0) return false;
  return binding.uses.every((use) => isAtomicArgument(use, scopes));
}

function isAtomicArgument(value: SyntaxNode, scopes: Scopes): boolean {
  const call = scopes.parentOf(value);
  const callee = call?.["callee"];
  if (call?.type !== "CallExpression" || !isNode(callee)) return false;
  const [first] = call["arguments"] as readonly SyntaxNode[];
  return first === value && nameOf(callee["object"]) === "Atomics";
}
