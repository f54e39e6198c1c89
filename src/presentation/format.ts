// Figures as a person reads them. Durations come in nanoseconds.

export function duration(nanos: number): string {
  if (nanos < 1000) return `${Math.round(nanos)} ns`;
  if (nanos < 1e6) return `${digits(nanos / 1e3)} µs`;
  if (nanos < 1e9) return `${digits(nanos / 1e6)} ms`;
  return `${digits(nanos / 1e9)} s`;
}

/** Three significant digits below a hundred, none after the point above. */
function digits(value: number): string {
  return value < 99.95 ? value.toFixed(1) : String(Math.round(value));
}

export function percent(share: number): string {
  const value = share * 100;
  return value > 0 && value < 9.95 ? `${value.toFixed(1)} %` : `${Math.round(value)} %`;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** Columns as wide as their widest cell; `alignRight` says which hold figures. */
export function table(
  rows: readonly (readonly string[])[],
  alignRight: readonly boolean[],
): string[] {
  const widths = alignRight.map((_, column) =>
    Math.max(0, ...rows.map((row) => (row[column] ?? "").length)),
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
