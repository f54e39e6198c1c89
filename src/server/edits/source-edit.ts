// A change of source text by offsets, and what all edits need of the text around them.

import type { HandlerSource } from "../source/handler-source.ts";
import { parsesCleanly, type SyntaxNode } from "../syntax.ts";

export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface SourceEdit {
  /** What it does, in the imperative. */
  readonly title: string;
  /** They don't overlap; those at one offset are in the order in which they are to stand. */
  readonly changes: readonly TextChange[];
  /** Why the program may behave otherwise afterwards; undefined where that is proven not to be. */
  readonly risk: string | undefined;
}

/** Undefined when it can't be done at this place, whatever the reason. */
export type Edit = (source: HandlerSource, offset: number) => SourceEdit | undefined;

export function applyChanges(text: string, changes: readonly TextChange[]): string {
  let result = "";
  let at = 0;
  for (const change of changes.toSorted((first, second) => first.start - second.start)) {
    result += text.slice(at, change.start) + change.text;
    at = change.end;
  }
  return result + text.slice(at);
}

/** The edit, if the file still parses after it. */
export function offered(edit: Edit, source: HandlerSource, offset: number): SourceEdit | undefined {
  const found = edit(source, offset);
  if (found === undefined) return undefined;
  return parsesCleanly(applyChanges(source.text, found.changes), source.file) ? found : undefined;
}

export function replaced({ start, end }: SyntaxNode, text: string): TextChange {
  return { start, end, text };
}

/** White space before the first character of the line that holds the offset. */
export function indentAt(text: string, offset: number): string {
  const line = text.slice(lineStart(text, offset));
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** Offset behind the line break that ends the line of `offset`. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end === -1 ? text.length : end + 1;
}

export function lineBreakOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

/** One more level of indent than `outer`, in the file's own manner. */
export function deeper(text: string, outer: string): string {
  if (/^\t/m.test(text)) return `${outer}\t`;
  const widths = [...text.matchAll(/^( +)\S/gm)].map((match) => match[1]?.length ?? 0);
  const narrowest = widths.reduce((least, width) => Math.min(least, width), 8);
  return outer + " ".repeat(widths.length === 0 ? 2 : narrowest);
}

/** The quote that the file uses for most of its strings. */
export function quoteOf(text: string): string {
  const single = text.split("'").length;
  return single > text.split('"').length ? "'" : '"';
}

/** A name that means nothing in the file yet. */
export function unusedName(text: string, wanted: string): string {
  const isUsed = (name: string): boolean => new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(text);
  if (!isUsed(wanted)) return wanted;
  let number = 2;
  while (isUsed(`${wanted}${number}`)) number++;
  return `${wanted}${number}`;
}
