// Runs scenarios under random schedules: the same seed gives the same schedule. A thread may be killed at a step: it stops for
// good there, and its locks are recovered as the supervisor does.

import { Worker } from "node:worker_threads";
import { LockTable, lockTableWords } from "../../../src/sync/lock-table.ts";
import { recoverLocks } from "../../../src/sync/recover-locks.ts";
import { replaceWaits } from "../../../src/sync/waits.ts";
import {
  blocked,
  control,
  controlWords,
  done,
  idle,
  mayWake,
  playedWaits,
  running,
  scheduler,
  workers,
} from "./control.ts";
import { scenarios } from "./scenarios.ts";
import { capacity, threads, type WorkerStart } from "./start.ts";

const mostSteps = 6000;
const patienceMillis = 20_000;

export interface Kill {
  readonly worker: number;
  /** Counted from the thread's first in the scenario. */
  readonly step: number;
}

export interface Outcome {
  /** "stuck" when nobody can go on, or nothing comes of it. */
  readonly end: "done" | "stuck";
  readonly killed: boolean;
  readonly steps: number;
  readonly data: Int32Array;
}

export class Schedule {
  readonly #words = new Int32Array(new SharedArrayBuffer(controlWords * 4));
  readonly #table = new Int32Array(new SharedArrayBuffer(lockTableWords(capacity, threads) * 4));
  readonly #data = new Int32Array(new SharedArrayBuffer(64 * 4));
  readonly #workers: Worker[] = [];

  constructor() {
    for (let worker = 1; worker <= workers; worker++) this.#start(worker);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** `parties` workers run the named scenario. After a stuck or killed one, those that have not ended are replaced. */
  async run(name: string, parties: number, seed: number, kill?: Kill): Promise<Outcome> {
    this.#reset(name);
    replaceWaits(playedWaits(this.#words, scheduler));
    try {
      const outcome = this.#play(parties, seed, kill);
      for (let worker = 1; worker <= parties; worker++) {
        if (this.#state(worker) !== done) await this.#replace(worker);
      }
      return outcome;
    } finally {
      replaceWaits(undefined);
    }
  }

  #play(parties: number, seed: number, kill: Kill | undefined): Outcome {
    const random = randomFrom(seed);
    const preempts = [0.05, 0.3, 1][seed % 3] ?? 1;
    const dead = new Set<number>();
    const taken = new Map<number, number>();
    let last = 0;
    for (let step = 0; step < mostSteps; step++) {
      const alive = numbers(parties).filter((worker) => !dead.has(worker));
      if (alive.every((worker) => this.#state(worker) === done))
        return this.#end("done", dead, step);
      const ready = alive.filter((worker) => this.#isReady(worker));
      if (ready.length === 0) return this.#end("stuck", dead, step);
      const stays = ready.includes(last) && random() > preempts;
      last = stays ? last : (ready[Math.floor(random() * ready.length)] ?? 1);
      this.#let(last);
      taken.set(last, (taken.get(last) ?? 0) + 1);
      const dies = kill?.worker === last && taken.get(last) === kill.step;
      if (!dies || this.#state(last) === done) continue;
      dead.add(last);
      this.#forgetWaits(last);
      recoverLocks(this.#lockTable(), last);
    }
    return this.#end("stuck", dead, mostSteps);
  }

  #end(end: Outcome["end"], dead: ReadonlySet<number>, steps: number): Outcome {
    return { end, killed: dead.size > 0, steps, data: this.#data.slice() };
  }

  #lockTable(): LockTable {
    return new LockTable(this.#table, 0, capacity, threads);
  }

  #state(worker: number): number {
    return this.#words[control.states + worker] ?? idle;
  }

  #isReady(worker: number): boolean {
    const state = this.#state(worker);
    return (
      state === idle || state === running || (state === blocked && mayWake(this.#words, worker))
    );
  }

  #let(worker: number): void {
    Atomics.store(this.#words, control.baton, worker);
    Atomics.notify(this.#words, control.baton);
    // A late notify of the thread that ran before may end a wait too soon.
    while (Atomics.load(this.#words, control.baton) === worker) {
      if (Atomics.wait(this.#words, control.baton, worker, patienceMillis) === "timed-out") {
        throw new Error(`worker ${worker} runs on without a step`);
      }
    }
  }

  #reset(name: string): void {
    this.#words.fill(0);
    this.#table.fill(0);
    this.#data.fill(0);
    this.#words[control.scenario] = scenarios.findIndex(([each]) => each === name);
  }

  #forgetWaits(worker: number): void {
    const eachWords = (controlWords - control.entries) / (workers + 1);
    const from = control.entries + worker * eachWords;
    this.#words.fill(0, from, from + eachWords);
  }

  #start(worker: number): void {
    const start: WorkerStart = {
      worker,
      control: this.#words.buffer,
      table: this.#table.buffer,
      data: this.#data.buffer,
    };
    this.#workers[worker - 1] = new Worker(new URL("./worker.js", import.meta.url), {
      workerData: start,
    });
  }

  async #replace(worker: number): Promise<void> {
    await this.#workers[worker - 1]?.terminate();
    this.#start(worker);
  }
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed + 1, 0x9e3779b9);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
