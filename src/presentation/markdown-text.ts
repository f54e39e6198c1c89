// Text of strangers in Markdown: names and messages stand there as text, whatever they hold. A backslash keeps Markdown from
// reading a character as its own; what code hosts look for after that (@name, #1, addresses, :emoji:, $math$, commits) is
// looked for in code spans by none, so it stands in one.

import { visible } from "../base/visible.ts";

/** What stands between two of these is a word. */
const words = /[^\s"'`()<>[\],;|]+/g;
/** A word that hosts make a link, a mention, a picture or a formula of. */
const linked = /[@#$]|:\/\/|www\.|GH-\d|[0-9a-f]{7}|:[\w+-]+:|(?:mailto|xmpp):/i;
const markup = /[\\*_~&]|[`<>[\]|]/g;

/** For prose, in a table's cell too; one line. */
export function markdownText(text: string): string {
  const shown = visible(text);
  let result = "";
  let end = 0;
  for (const { 0: word, index } of shown.matchAll(words)) {
    result += escaped(shown.slice(end, index));
    result += linked.test(word) ? markdownCode(word) : escaped(word);
    end = index + word.length;
  }
  return atStart(result + escaped(shown.slice(end)));
}

/** A name as code; in a table's cell see markdownCell. */
export function markdownCode(text: string): string {
  const shown = visible(text);
  const runs = shown.match(/`+/g) ?? [];
  const fence = "`".repeat(Math.max(0, ...runs.map(({ length }) => length)) + 1);
  // Markdown takes one space from each end, unless there is nothing else.
  const needsRoom = /^`|`$|^ .* $/.test(shown) && shown.trim() !== "";
  const room = needsRoom ? " " : "";
  return shown === "" ? "" : `${fence}${room}${shown}${room}${fence}`;
}

/** A name in a table's cell: as code, but with a `|` in it as prose, since code has no escape that holds in cells. */
export function markdownCell(text: string): string {
  return text.includes("|") ? markdownText(text) : markdownCode(text);
}

function escaped(text: string): string {
  return text.replace(markup, String.raw`\$&`);
}

/** A list, a heading or a rule would begin with it. */
function atStart(text: string): string {
  return text
    .replace(/^(\s*)([-+=])/, String.raw`$1\$2`)
    .replace(/^(\s*\d+)([.)])/, String.raw`$1\$2`);
}
