// A handler file's text with what checks and edits ask of it. Undefined when the text can't be parsed.

import { parseText, type SyntaxNode } from "../syntax.ts";
import { lockUses, type LockUse } from "./lock-use.ts";
import type { OtherFile } from "./other-files.ts";
import { scopesOf, type Scopes } from "./scopes.ts";

export interface HandlerSource {
  readonly text: string;
  readonly file: string;
  readonly tree: SyntaxNode;
  readonly scopes: Scopes;
  readonly uses: readonly LockUse[];
  /** The other files that ran in the same pool. */
  readonly beside: readonly OtherFile[];
}

export function handlerSource(
  text: string,
  file: string,
  beside: readonly OtherFile[] = [],
): HandlerSource | undefined {
  const tree = parseText(text, file);
  if (tree === undefined) return undefined;
  const scopes = scopesOf(tree);
  return { text, file, tree, scopes, uses: lockUses(tree, scopes), beside };
}

/** The use that a place means: at its acquire, else the innermost one that holds there, else at its statement. */
export function useAt({ uses }: HandlerSource, offset: number): LockUse | undefined {
  const contains = ({ start, end }: SyntaxNode): boolean => start <= offset && offset < end;
  return (
    uses.find(({ method }) => contains(method)) ??
    uses.findLast(({ held }) => held.some(contains)) ??
    uses.find(({ statement }) => contains(statement))
  );
}
