// The comments of a piece of a file, so that an edit that rewrites it keeps them.

import { walk, type SyntaxNode } from "../syntax.ts";

interface Comment {
  readonly start: number;
  readonly end: number;
}

/** In the order of the text. */
export function commentsIn(
  text: string,
  tree: SyntaxNode,
  { start, end }: Pick<SyntaxNode, "start" | "end">,
): string[] {
  const found = new Map<number, Comment>();
  for (const node of walk(tree)) {
    for (const key of ["leadingComments", "innerComments", "trailingComments"]) {
      for (const comment of (node[key] ?? []) as readonly Comment[]) {
        if (start <= comment.start && comment.end <= end) found.set(comment.start, comment);
      }
    }
  }
  return [...found.values()]
    .sort((first, second) => first.start - second.start)
    .map((comment) => text.slice(comment.start, comment.end));
}
