// A tick in a fixed interval. A tick that finds the source full is skipped: the next one says as much.

import type { EventSource, SourceSink } from "./event-source.ts";

export function timer(everyMillis: number, payload: unknown, sink: SourceSink): EventSource {
  let skipped = 0;
  const interval = setInterval(() => {
    if (!sink.full) return sink.submit(payload);
    if (skipped++ === 0) sink.problem("its earlier ticks have not settled; ticks are skipped.");
  }, everyMillis);
  return { close: () => clearInterval(interval) };
}
