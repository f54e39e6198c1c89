// Where a line's statement ends: what a diagnostic underlines. A regular expression that looks for what ends it takes the square of
// a long run of spaces.

const behind: ReadonlySet<string> = new Set(" \t\r\n\f\v\u00a0;,{");

/** Length of the text without spaces, separators and an opening brace at its end. */
export function statementEnd(text: string): number {
  let end = text.length;
  while (end > 0 && behind.has(text.charAt(end - 1))) end--;
  return end;
}
