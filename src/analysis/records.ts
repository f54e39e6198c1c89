// The records that rules read one by one, by kind and in the order of time: found in one pass, however many rules ask. What
// every event has (roles, handlers, locks) is not among them: that is read once for all, in waits.ts, latency.ts and leadership.ts.

import type { EventKind } from "../trace/event-kind.ts";
import type { Trace } from "../trace/trace.ts";
import { forEachEvent, type SeenEvent } from "./scan.ts";

export interface Seen extends SeenEvent {
  readonly thread: number;
}

const indexed = [
  "threadStarted",
  "threadStopped",
  "threadCrashed",
  "handlerFailed",
  "retried",
  "eventShed",
  "lockOrderEdge",
  "guardLeftHeld",
  "lockAbandoned",
  "conditionNotified",
  "payloadEncoded",
  "payloadDecoded",
  "garbageCollected",
  "heapSampled",
  "loopOverdue",
  "osSampled",
  "stateSeen",
  "holdSeen",
] as const satisfies readonly EventKind[];

type Indexed = (typeof indexed)[number];

export type Records = Readonly<Record<Indexed, readonly Seen[]>>;

export function recordsOf(trace: Trace): Records {
  const found = Object.fromEntries(indexed.map((kind) => [kind, []])) as unknown as Record<
    Indexed,
    Seen[]
  >;
  for (const own of trace.threads) {
    const { thread } = own;
    forEachEvent(own, (event) => {
      if (isIndexed(event.kind)) found[event.kind].push({ thread, ...event });
    });
  }
  for (const records of Object.values(found)) records.sort((one, other) => one.time - other.time);
  return found;
}

const kinds: ReadonlySet<string> = new Set(indexed);

function isIndexed(kind: EventKind): kind is Indexed {
  return kinds.has(kind);
}
