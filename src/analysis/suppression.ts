// Findings that the person wants to see no more: by `// poolscope-ignore <rule>: reason`, on a line or on the one above it, or
// by their identity under "ignore" in poolscope.json. One rule for the report, the check of budgets and the editor.

import type { Finding } from "./report.ts";

export interface Suppression {
  readonly by: "comment" | "configuration";
  /** As the comment says; "" for the configuration. */
  readonly reason: string;
}

/**
 * `text` is the file's, as it stands where `line` (from 1) is the finding's; undefined when it is not known. `isIgnored`
 * looks an identity up in the configuration.
 */
export function suppressionOf(
  { rule, identity }: Pick<Finding, "rule" | "identity">,
  text: string | undefined,
  line: number,
  isIgnored: (identity: string) => boolean,
): Suppression | undefined {
  const reason = text === undefined ? undefined : reasonAt(text, line, rule);
  if (reason !== undefined) return { by: "comment", reason };
  return isIgnored(identity) ? { by: "configuration", reason: "" } : undefined;
}

/** Any comment will do: the text may be TypeScript or JavaScript. The reason is required, for whoever reads it next. */
const comment =
  /(?:\/\/|\/\*)\s*poolscope-ignore\s+([\w-]+(?:\s*,\s*[\w-]+)*)\s*:\s*(\S.*?)\s*(?:\*\/.*)?$/;
/** The expression above takes the square of a long run of spaces. */
const longestComment = 1000;
const commentAlone = /^\s*(?:\/\/|\/\*)/;

/** `line` from 1. Comment lines above it count up to the first line of code. */
export function isSuppressed(text: string, line: number, rule: string): boolean {
  return reasonAt(text, line, rule) !== undefined;
}

/** Of the text that was asked for last: a file has many findings. */
let last: { readonly text: string; readonly lines: readonly string[] } = { text: "", lines: [""] };

function linesOf(text: string): readonly string[] {
  if (last.text !== text) last = { text, lines: text.split(/\r?\n/) };
  return last.lines;
}

function reasonAt(text: string, line: number, rule: string): string | undefined {
  const lines = linesOf(text);
  const own = reasonIn(lines[line - 1], rule);
  if (own !== undefined) return own;
  for (let above = line - 2; commentAlone.test(lines[above] ?? ""); above--) {
    const reason = reasonIn(lines[above], rule);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function reasonIn(line: string | undefined, rule: string): string | undefined {
  const [, rules = "", reason] = comment.exec(line?.slice(-longestComment) ?? "") ?? [];
  return rules.split(/\s*,\s*/).includes(rule) ? reason : undefined;
}
