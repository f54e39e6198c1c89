// What a run could not watch, as sentences for the report: one for all that stayed unseen in one place for one reason.

import type { UnseenRow } from "../trace/tables.ts";
import { groupBy } from "../base/group-by.ts";

/** Functions of one module that are named one by one. */
const shownNames = 3;

export function unseenSentences(rows: readonly UnseenRow[]): string[] {
  const groups = groupBy(rows, ({ of, why }) => `${of}\n${why}`);
  return [...groups.values()].map(sentence);
}

function sentence(rows: readonly UnseenRow[]): string {
  const [first] = rows;
  const shown = first?.of === "" ? rows.length : shownNames;
  const names = rows.slice(0, shown).map(({ what }) => what);
  const more = rows.length - names.length;
  const what = more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
  const of = first === undefined || first.of === "" ? "" : ` of ${first.of}`;
  const why = first?.why ?? "";
  return `${what}${of} can't be watched here, since ${why}: the trace does not show it.`;
}
