// A stream of text, line by line; the last line needs no line end.

import type { Readable } from "node:stream";

export function outputLines(stream: Readable | null, each: (line: string) => void): void {
  if (stream === null) return;
  let rest = "";
  stream.setEncoding("utf8").on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) each(line);
  });
  stream.on("end", () => {
    if (rest !== "") each(rest);
  });
}
