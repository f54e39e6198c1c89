// Lines of standard input, or of a file: an event with the text for each. Reading stops while the source is full.

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import process from "node:process";
import type { EventSource, SourceSink } from "./event-source.ts";

/** Standard input without a path. */
export function lines(path: string | undefined, sink: SourceSink): EventSource {
  const input = path === undefined ? process.stdin : createReadStream(path, "utf8");
  const reader = createInterface({ input, crlfDelay: Infinity });
  let closed = false;
  const read = async (): Promise<void> => {
    for await (const line of reader) {
      if (sink.full) await sink.room();
      if (closed) return;
      sink.submit(line);
    }
    sink.ended();
  };
  read().catch((error: unknown) => {
    sink.problem(error instanceof Error ? error.message : String(error));
    sink.ended();
  });
  return {
    close: () => {
      closed = true;
      reader.close();
      if (path !== undefined) input.destroy();
    },
  };
}
