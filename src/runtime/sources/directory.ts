// Changes in a directory: an event { change, name } for each. While the source is full a name is remembered once, however
// often it changes, and told when there is room: nothing that changed goes untold.

import { watch } from "node:fs";
import type { EventSource, SourceSink } from "./event-source.ts";

/** Throws when the directory can't be watched. */
export function directory(path: string, sink: SourceSink): EventSource {
  const waiting = new Map<string, string>();
  let telling = false;
  const tell = async (): Promise<void> => {
    telling = true;
    for (const [name, change] of waiting) {
      if (sink.full) await sink.room();
      waiting.delete(name);
      sink.submit({ change, name });
    }
    telling = false;
  };
  const watcher = watch(path, (change, name) => {
    waiting.set(name ?? "", change);
    if (!telling) void tell();
  });
  watcher.on("error", (error) => sink.problem(`${path} is watched no longer: ${error.message}`));
  return {
    close: () => {
      waiting.clear();
      watcher.close();
    },
  };
}
