// Puts try/finally around what runs between an acquire and its release, so that the lock is released when something in
// between throws. Behaviour without an error stays as it was.

import { useAt } from "../source/handler-source.ts";
import { walkOwn } from "../source/lock-use.ts";
import type { SyntaxNode } from "../syntax.ts";
import { deeper, indentAt, lineBreakOf, lineEnd, lineStart, type Edit } from "./source-edit.ts";

/** `offset`: at the statement that takes the lock. */
export const releaseOnEveryPath: Edit = (source, offset) => {
  const use = useAt(source, offset);
  const { text } = source;
  if (use?.form !== "straight" || use.guard === undefined) return undefined;
  const { held, guard, last } = use;
  const [first] = held;
  if (first === undefined) return undefined;
  // A name declared in between and used behind would fall out of sight inside the try block.
  if (held.some(({ type }) => type.endsWith("Declaration"))) return undefined;
  // One that releases on its own way out would release twice.
  const releasesEarly = held.some((statement) =>
    [...walkOwn(statement)].some((node) => text.slice(node.start, node.end) === `${guard}.release`),
  );
  if (releasesEarly) return undefined;
  const start = lineStart(text, first.start);
  const end = lineEnd(text, last.end);
  return {
    title: `Release "${guard}" on every path`,
    changes: [{ start, end, text: wrapped(text, start, last) }],
    risk: undefined,
  };
};

function wrapped(text: string, start: number, release: SyntaxNode): string {
  const outer = indentAt(text, release.start);
  const step = deeper(text, "");
  const lineBreak = lineBreakOf(text);
  const body = text
    .slice(start, lineStart(text, release.start))
    .replace(/^(?=.*\S)/gm, step)
    .replace(/\s+$/, "");
  return (
    `${outer}try {${lineBreak}${body}${lineBreak}${outer}} finally {${lineBreak}` +
    `${outer}${step}${text.slice(release.start, release.end)}${lineBreak}${outer}}${lineBreak}`
  );
}
