// Where a site of a recorded run is in the text as it is now. It moves with the function it lies in, as long as that
// function is, but for its place, what ran; when the function has changed, the site is stale.

import { statementEnd } from "../base/statement-end.ts";
import { isFunction, lineAt, offsetOf, parseText, pathTo } from "./syntax.ts";

export interface Place {
  /** From 0, as LSP counts. */
  readonly line: number;
  readonly character: number;
  readonly endCharacter: number;
}

export type PresentPlace =
  | { readonly kind: "here"; readonly place: Place }
  /** The function it rests on has changed; the place is where it would be, at best. */
  | { readonly kind: "stale"; readonly place: Place };

/** `line` and `column` from 1, in the recorded text. */
export function presentPlace(
  file: string,
  recorded: string,
  present: string,
  line: number,
  column: number,
): PresentPlace {
  const presentLines = present.split("\n");
  if (recorded === present) {
    return { kind: "here", place: placeOn(presentLines, line - 1, column - 1) };
  }
  const recordedLines = recorded.split("\n");
  const { first, last } = functionLines(file, recorded, line, column);
  const block = recordedLines.slice(first, last + 1);
  const found = nearestBlock(presentLines, block, first);
  if (found === undefined) {
    const at = Math.min(line - 1, Math.max(0, presentLines.length - 1));
    return { kind: "stale", place: placeOn(presentLines, at, column - 1) };
  }
  const moved = line - 1 + found - first;
  return { kind: "here", place: placeOn(presentLines, moved, column - 1) };
}

/** The acquiring expression: from the site up to the end of its line's statement. */
function placeOn(lines: readonly string[], line: number, character: number): Place {
  const text = lines[line] ?? "";
  const start = Math.min(character, text.length);
  const end = statementEnd(text.slice(start)) + start;
  return { line, character: start, endCharacter: Math.max(start + 1, end) };
}

/** First and last line (from 0) of the outermost function around the place; the line itself at module level. */
function functionLines(
  file: string,
  text: string,
  line: number,
  column: number,
): { readonly first: number; readonly last: number } {
  const tree = parseText(text, file);
  const offset = offsetOf(text, line, column);
  const around = tree === undefined ? undefined : pathTo(tree, offset).find(isFunction);
  if (around === undefined) return { first: line - 1, last: line - 1 };
  return { first: lineAt(text, around.start) - 1, last: lineAt(text, around.end) - 1 };
}

/** Where `block` stands whole among `lines`, nearest to `from`. */
function nearestBlock(
  lines: readonly string[],
  block: readonly string[],
  from: number,
): number | undefined {
  const starts = lines.flatMap((_, start) =>
    block.every((text, index) => lines[start + index] === text) ? [start] : [],
  );
  return starts.reduce<number | undefined>(
    (best, start) =>
      best === undefined || Math.abs(start - from) < Math.abs(best - from) ? start : best,
    undefined,
  );
}
