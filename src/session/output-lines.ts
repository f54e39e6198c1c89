// The runtime process's own output, line by line.

import type { Readable } from "node:stream";
import { LineSplitter } from "../base/line-splitter.ts";

export function outputLines(stream: Readable | null, each: (line: string) => void): void {
  if (stream === null) return;
  const splitter = new LineSplitter(each);
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => splitter.push(text));
  stream.on("end", () => splitter.end());
}
