// What every face needs to show figures: their forms, and tables of them for the terminal.

import { largestOf } from "../base/extremes.ts";
export { count, duration, moment, percent, times } from "../base/figures.ts";

/** Columns as wide as their widest cell; `alignRight` says which hold figures. */
export function table(
  rows: readonly (readonly string[])[],
  alignRight: readonly boolean[],
): string[] {
  const widths = alignRight.map((_, column) =>
    largestOf(
      rows.map((row) => (row[column] ?? "").length),
      0,
    ),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return alignRight[column] === true ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
}
