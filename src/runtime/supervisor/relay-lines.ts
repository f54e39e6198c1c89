// A thread's output stream, line by line.

import type { Readable } from "node:stream";
import { LineSplitter } from "../../base/line-splitter.ts";

export function relayLines(stream: Readable, each: (line: string) => void): void {
  const splitter = new LineSplitter(each);
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => splitter.push(text));
  stream.on("end", () => splitter.end());
}
