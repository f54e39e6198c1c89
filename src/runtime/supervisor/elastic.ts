// Grows the pool by a thread while events wait too long, up to `maxThreads`, and lets one go when none has waited for a while
// and a thread has nothing to do, down to `threads`. By the delay of the event that waits longest, looked at now and then:
// nothing is measured for each event.

import { hot, idleWords, slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { QueueHandleSet } from "../queue/queue-handle-set.ts";

const lookEveryMillis = 50;
const longDelayMicros = 5000;
/** Looks in a row: a burst is no reason to start a thread. */
const looksToGrow = 2;
const looksToShrink = 100;

export interface Elastic {
  readonly least: number;
  readonly most: number;
  wanted(): number;
  resize(threads: number): void;
}

/** Micros that the event has waited that goes next; 0 when none waits. */
export function longestDelay(
  memory: PoolMemory,
  handleSet: QueueHandleSet,
  nowMicros: () => number,
): number {
  const slot = handleSet.front();
  if (slot === undefined) return 0;
  const submitted = memory.words[memory.slot(slot, slotField.submittedMicros)] ?? 0;
  return Math.max(0, (nowMicros() - submitted) | 0);
}

/** The timer keeps no process alive. */
export function keepElastic(
  memory: PoolMemory,
  handleSet: QueueHandleSet,
  nowMicros: () => number,
  elastic: Elastic,
): NodeJS.Timeout {
  let late = 0;
  let quiet = 0;
  return setInterval(() => {
    const delay = longestDelay(memory, handleSet, nowMicros);
    late = delay > longDelayMicros ? late + 1 : 0;
    quiet = delay === 0 && idleSeats(memory) > 0 ? quiet + 1 : 0;
    const wanted = elastic.wanted();
    if (late >= looksToGrow && wanted < elastic.most) {
      elastic.resize(wanted + 1);
      late = 0;
    } else if (quiet >= looksToShrink && wanted > elastic.least) {
      elastic.resize(wanted - 1);
      quiet = 0;
    }
  }, lookEveryMillis).unref();
}

function idleSeats({ words }: PoolMemory): number {
  let idle = 0;
  for (let index = 0; index < idleWords; index++) {
    for (let bits = Atomics.load(words, hot.idle + index); bits !== 0; bits &= bits - 1) idle++;
  }
  return idle;
}
