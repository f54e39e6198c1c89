// Lists of processors as Linux writes them: "0,2-3".

const most = 4096;

/** Ascending, without repeats. Undefined for a text that is no such list, or an empty one. */
export function parseProcessors(text: string): readonly number[] | undefined {
  const processors = new Set<number>();
  for (const part of text.trim().split(",")) {
    const range = /^\s*(\d{1,4})(?:-(\d{1,4}))?\s*$/.exec(part);
    if (range === null) return undefined;
    const first = Number(range[1]);
    const last = Number(range[2] ?? range[1]);
    if (last < first || last >= most) return undefined;
    for (let processor = first; processor <= last; processor++) processors.add(processor);
  }
  return [...processors].sort((one, other) => one - other);
}
