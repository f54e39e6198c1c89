// The pool's losses of threads: how many, how soon another may come, whether it is a crash loop, how long each took to make
// good.

import { readCounts } from "../memory/counts.ts";
import { announce } from "../health/announce.ts";
import type { PoolLog } from "../health/log.ts";
import type { PlainError } from "../payload/error-transfer.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { RecoveryFigures } from "../pool-front.ts";
import { RecoveryTimes } from "./recovery-times.ts";
import { isCrashLoop, noDeaths, oneMore, restartDelay } from "./restart-policy.ts";

export type Fate =
  | { readonly kind: "replaced"; readonly delayMillis: number }
  | { readonly kind: "broken"; readonly reason: string };

/** A member's loss leaves the pool a thread short. Its end for an event that was cancelled does not speak against the handlers. */
export type Loss = "member" | "cancelled" | "other";

export class Losses {
  readonly #memory: PoolMemory;
  readonly #log: PoolLog;
  readonly #recovery = new RecoveryTimes();
  #deaths = noDeaths;
  #count = 0;
  #restartAt = 0;

  constructor(memory: PoolMemory, log: PoolLog) {
    this.#memory = memory;
    this.#log = log;
  }

  /** Since the start. */
  get count(): number {
    return this.#count;
  }

  /** On performance.now's clock: before it no thread is started in a lost one's place. */
  get restartAt(): number {
    return this.#restartAt;
  }

  get recovery(): RecoveryFigures {
    return this.#recovery.figures();
  }

  lost(reason: PlainError, threads: number, loss: Loss): Fate {
    this.#count++;
    announce(this.#log, { name: "thread-lost", text: reason.message }, { reason: reason.message });
    if (loss !== "other") this.#recovery.lost(performance.now());
    if (loss === "cancelled") return { kind: "replaced", delayMillis: 0 };
    const { settled, failed, cancelled, shed } = readCounts(this.#memory);
    this.#deaths = oneMore(this.#deaths, settled - failed - cancelled - shed);
    if (isCrashLoop(this.#deaths, threads)) {
      const text =
        `The pool is broken: ${this.#deaths.inARow} threads died in a row and not one event was ` +
        `completed between. The last: ${reason.message}.`;
      return { kind: "broken", reason: text };
    }
    const delayMillis = restartDelay(this.#deaths);
    this.#restartAt = performance.now() + delayMillis;
    return { kind: "replaced", delayMillis };
  }

  /** A thread has joined, perhaps for a lost one. */
  joined(thread: number): void {
    const text = `Thread ${thread} takes events.`;
    announce(this.#log, { name: "thread-joined", text, thread }, { thread });
    this.#recovery.joined(performance.now());
  }
}
