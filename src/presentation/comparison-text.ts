// A comparison on a terminal: the verdict, both versions' figures side by side, the notes.

import { visibleTexts } from "../base/visible.ts";
import type { ComparisonResult, ComparisonRow, ComparisonVerdict } from "../protocol/comparison.ts";
import { palette, type Palette } from "./colour.ts";
import { table } from "./format.ts";

export function comparisonText(result: ComparisonResult, colour: boolean): string {
  const paint = palette(colour);
  const { sentence, verdict, before, after, rows, notes } = visibleTexts(result);
  const cells = rows.map((row) => [row.label, row.before, row.after, row.change, marks[row.tone]]);
  const [head = "", ...lines] = table(
    [["", "before", "after", "change", ""], ...cells],
    [false, true, true, true, false],
  );
  return [
    paintOf(verdict, paint)(sentence),
    "",
    paint.quiet(`before  ${before.label}`),
    paint.quiet(`after   ${after.label}`),
    "",
    paint.quiet(head),
    ...lines,
    "",
    ...notes,
    "",
  ].join("\n");
}

/** Words, since colour alone says nothing to many. */
const marks: Readonly<Record<ComparisonRow["tone"], string>> = {
  better: "better",
  worse: "worse",
  plain: "",
};

function paintOf(verdict: ComparisonVerdict, paint: Palette): (text: string) => string {
  return verdict === "slower" || verdict === "results-differ" ? paint.alarm : paint.strong;
}
