// The submit side of Leader/Followers, with one handle set or several: where an event goes, and who is woken for it.

import { callFollower } from "../promotion/call-follower.ts";
import { wakeSeat } from "../promotion/leadership.ts";
import { wakeLeader, wakeRunner } from "../promotion/wake-leader.ts";
import { boundLaneOf } from "../queue/lanes.ts";
import type { QueueHandleSet } from "../queue/queue-handle-set.ts";
import type { Association } from "./association.ts";
import type { ModelThread, SubmitParts, SubmitSide } from "./pool-model.ts";

/** Of the events that any thread may take. By set: a set's events are in the lane of its number. */
export function sharedHandleSets({
  memory,
  handleSet,
  handleSetOf,
}: Pick<ModelThread, "memory" | "handleSet" | "handleSetOf">): readonly QueueHandleSet[] {
  if (memory.lanes === 1) return [handleSet];
  return Array.from({ length: memory.handleSets }, (_, set) => handleSetOf({ lanes: [set] }));
}

export function submitToSets(parts: SubmitParts): SubmitSide {
  const { memory, protocol, moment, association } = parts;
  const sets = sharedHandleSets(parts).map((handleSet) => ({ ...parts, handleSet }));
  return {
    laneOf: (object) =>
      isBound(association, object) ? boundLaneOf(memory, object) : (object >>> 0) % sets.length,
    published: (lane) => {
      const set = sets[lane];
      if (set === undefined) wakeRunner(memory, lane);
      else wakeLeader(set, lane);
    },
    recovered: () => {
      for (const [set, { handleSet }] of sets.entries()) {
        const calls = callFollower(memory, set, protocol, moment, () => handleSet.hasWork());
        for (const { seat } of calls) wakeSeat(memory, seat);
      }
    },
  };
}

/** An object with a key is negative. */
function isBound(association: Association, object: number): boolean {
  return association === "bound" || (association === "hybrid" && object < 0);
}
