// Opens a pool's sources: each submits what it has, with its own type, priority and key, and has a bounded number of events
// unsettled.

import { isError, messageOf, nameOf, summaryOf } from "../payload/describe-value.ts";
import type { Submitter } from "../submit/submitter.ts";
import type { SourceOptions } from "../pool-options.ts";
import { directory } from "./directory.ts";
import type { EventSource, SourceSink } from "./event-source.ts";
import { file } from "./file.ts";
import { lines } from "./lines.ts";
import { messages } from "./messages.ts";
import { timer } from "./timer.ts";

const mostUnsettled = 256;
/** Of a source's events that could not be sent. */
const mostTold = 10;
const defaultChunkBytes = 64 * 1024;

export interface OpenSources {
  /** Resolves when every source has come to its end by itself: never while one goes on for ever. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Throws when one can't be opened, with its place in the sentence; none is left open then. */
export function openSources(
  sources: readonly SourceOptions[],
  offer: Submitter["offer"],
  warning: (sentence: string) => void,
): OpenSources {
  const open: EventSource[] = [];
  const close = (): void => {
    for (const source of open.splice(0)) source.close();
  };
  const ends = sources.map((source, index) => {
    const where = `sources[${index}] (${source.kind})`;
    const end = new Ending();
    const problem = (sentence: string): void => warning(`${where}: ${sentence}`);
    try {
      open.push(openSource(source, sinkOf(source, offer, problem, end.reach)));
    } catch (error) {
      close();
      throw new RangeError(`${where}: ${String(error)}`, { cause: error });
    }
    return end.reached;
  });
  return { ended: Promise.all(ends).then(() => undefined), close };
}

/** A promise and the function that resolves it. */
class Ending {
  reach: () => void = () => undefined;
  readonly reached: Promise<void> = new Promise((resolve) => {
    this.reach = resolve;
  });
}

function openSource(source: SourceOptions, sink: SourceSink): EventSource {
  switch (source.kind) {
    case "timer":
      return timer(source.everyMillis, source.payload, sink);
    case "directory":
      return directory(source.path, sink);
    case "lines":
      return lines(source.path, sink);
    case "file":
      return file(source.path, source.chunkBytes ?? defaultChunkBytes, sink);
    case "messages":
      return messages(source.port, sink);
  }
}

function sinkOf(
  { type, priority, key }: SourceOptions,
  offer: Submitter["offer"],
  problem: (sentence: string) => void,
  ended: () => void,
): SourceSink {
  let unsettled = 0;
  let count = 0;
  let told = 0;
  let hasRoom: (() => void) | undefined;
  const event = {
    ...(type === undefined ? {} : { type }),
    ...(priority === undefined ? {} : { priority }),
    ...(key === undefined ? {} : { key }),
  };
  // How an event ended is the pool's to tell; here only its place counts.
  const settled = (): void => {
    unsettled--;
    hasRoom?.();
    hasRoom = undefined;
  };
  // Nobody else tells of an event that was never accepted; a pool that is closed or broken has told that itself.
  const refused = (reason: unknown): void => {
    if (isError(reason) && nameOf(reason) === "PoolClosedError") return;
    if (++told > mostTold) return;
    const why = isError(reason) ? messageOf(reason) : summaryOf(reason);
    const last = told === mostTold ? " Further ones are not told." : "";
    problem(`its event ${count} could not be sent: ${why}${last}`);
  };
  return {
    get full() {
      return unsettled >= mostUnsettled;
    },
    room: () =>
      new Promise((resolve) => {
        hasRoom = resolve;
      }),
    submit: (payload) => {
      unsettled++;
      count++;
      offer({ ...event, payload }, settled, (reason) => {
        settled();
        refused(reason);
      });
    },
    problem,
    ended,
  };
}
