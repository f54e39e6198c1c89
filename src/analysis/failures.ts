// Handler failures, counted by handler and message, most frequent first.

import type { Trace } from "../trace/trace.ts";
import type { Report } from "./report.ts";
import { forEachEvent } from "./scan.ts";
import { handlerName } from "./sites.ts";

export function failuresOf(trace: Trace): Report["failures"] {
  const counts = new Map<string, { handler: string; message: string; count: number }>();
  for (const thread of trace.threads) {
    forEachEvent(thread, (event) => {
      if (event.kind !== "handlerFailed") return;
      const handler = handlerName(trace, event.b);
      const message = trace.tables.strings[event.c] ?? "its message was not recorded";
      const key = `${handler}\n${message}`;
      const known = counts.get(key) ?? { handler, message, count: 0 };
      known.count++;
      counts.set(key, known);
    });
  }
  return [...counts.values()].sort((first, second) => second.count - first.count);
}
