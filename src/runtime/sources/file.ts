// File-system completions: a file is read piece by piece, and each read that completes is an event with the bytes. The next
// read starts when there is room for its event.

import { open, type FileHandle } from "node:fs/promises";
import type { EventSource, SourceSink } from "./event-source.ts";

export function file(path: string, chunkBytes: number, sink: SourceSink): EventSource {
  let closed = false;
  const read = async (): Promise<void> => {
    const handle = await open(path, "r");
    try {
      await readAll(handle, chunkBytes, sink, () => closed);
    } finally {
      await handle.close();
    }
  };
  read()
    .catch((error: unknown) => sink.problem(error instanceof Error ? error.message : String(error)))
    .finally(() => sink.ended());
  return {
    close: () => {
      closed = true;
    },
  };
}

async function readAll(
  handle: FileHandle,
  chunkBytes: number,
  sink: SourceSink,
  closed: () => boolean,
): Promise<void> {
  for (;;) {
    if (sink.full) await sink.room();
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(chunkBytes));
    if (bytesRead === 0 || closed()) return;
    sink.submit(buffer.subarray(0, bytesRead));
  }
}
