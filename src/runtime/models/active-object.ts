// Active Object (POSA2): each object (an event's key, or its type when it has none) belongs to one thread, and each thread
// has an activation queue of its own. What handlers keep of one object in their thread needs no lock. Objects are spread over
// the threads by their hash: a busy object keeps its thread busy while others idle, which is this model's price.

import { boundLaneOf, laneOf, runnerOf } from "../queue/lanes.ts";
import { claimIdle, wakeSeat } from "../promotion/leadership.ts";
import type { PoolModel } from "./pool-model.ts";
import { QueueThread } from "./queue-thread.ts";

export const activeObject: PoolModel = {
  frontThreads: 0,
  laneForEachThread: true,
  hasMonitors: false,
  submitSide: ({ memory }) => ({
    laneOf: (object) => boundLaneOf(memory, object),
    published: (lane) => {
      const seat = runnerOf(memory, lane);
      if (seat !== 0 && claimIdle(memory, seat)) wakeSeat(memory, seat);
    },
    recovered: () => undefined,
  }),
  threadSide: (thread) =>
    new QueueThread({
      thread,
      queue: () => {
        const lane = laneOf(thread.memory, thread.seat);
        return lane === undefined ? undefined : thread.handleSetOf({ lanes: [lane] });
      },
      taken: () => undefined,
      // Whoever is given the lane next looks at its queue.
      left: () => undefined,
      // No other thread can take what this one waits for, if it is for an object of its own: it must go on itself.
      mayExceed: () => true,
    }),
};
