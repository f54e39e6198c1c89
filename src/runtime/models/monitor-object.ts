// Monitor Object (POSA2): any thread takes the next event, and holds the object's lock (of its key, or its type when it has
// none) while the handler runs. What handlers keep of one object in shared memory needs no lock of their own; events of one
// object that come together cost a thread each, which waits at the lock.

import { callIdle } from "../promotion/call-follower.ts";
import { allSuspended } from "./all-suspended.ts";
import type { PoolModel } from "./pool-model.ts";
import { QueueThread } from "./queue-thread.ts";

export const monitorObject: PoolModel = {
  frontThreads: 0,
  laneForEachThread: false,
  hasMonitors: true,
  submitSide: ({ memory, protocol }) => ({
    laneOf: () => 0,
    published: () => callIdle(memory, protocol),
    recovered: () => undefined,
  }),
  threadSide: (thread) =>
    new QueueThread({
      thread,
      queue: () => thread.handleSet,
      taken: () => undefined,
      left: () => {
        if (thread.handleSet.hasWork()) callIdle(thread.memory, thread.protocol);
      },
      mayExceed: () => allSuspended(thread),
    }),
};

/** Keys are without number, lock names are not. */
const monitorsOfKeys = 256;
const longestType = 40;

/** The lock of an object; `object` is as in slotField.object. */
export function monitorName(type: string, object: number): string {
  if (object < 0) return `monitor:key-${(object >>> 0) % monitorsOfKeys}`;
  return type.length <= longestType && /^\w*$/.test(type)
    ? `monitor:${type}`
    : `monitor:type-${object}`;
}
