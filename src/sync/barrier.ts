// A barrier over shared memory: each of `parties` turns waits until all have come. It can be used again and again. When one
// of them dies or does not want to wait any longer, it is broken for all, until somebody resets it.
//
// Its word: generation (16 bits) | broken (1) | arrived (15).

import { codes } from "../recorder/codes.ts";
import { waitOutcomes } from "../trace/outcome.ts";
import { lockField, threadField, type LockTable } from "./lock-table.ts";
import { step } from "./step.ts";
import type { SyncContext } from "./sync-context.ts";
import { checkTimeLimit, timeLimit, type TimeLimit } from "./time-limit.ts";
import { publishWait, withdrawWait } from "./wait-for.ts";
import { waits } from "./waits.ts";

const brokenBit = 1 << 15;
const arrivedMask = brokenBit - 1;

function generationOf(word: number): number {
  return word >>> 16;
}

function fresh(word: number): number {
  return ((generationOf(word) + 1) & 0xffff) << 16;
}

export class BarrierBrokenError extends Error {
  constructor(name: string) {
    super(
      `Barrier "${name}" is broken: one of its parties died or gave up waiting. reset() mends it.`,
    );
    this.name = "BarrierBrokenError";
  }
}

export class Barrier {
  readonly name: string;
  readonly parties: number;
  readonly #table: LockTable;
  readonly #lock: number;
  readonly #word: number;
  readonly #context: SyncContext;

  constructor(table: LockTable, lock: number, context: SyncContext) {
    this.name = table.nameOf(lock) ?? "";
    this.parties = table.settingOf(lock);
    this.#table = table;
    this.#lock = lock;
    this.#word = table.field(lock, lockField.word);
    this.#context = context;
  }

  /** Blocks the thread until all parties have come. True for the last of them, which does not wait. */
  wait(timeoutMillis: number = Infinity): boolean {
    const { takeSite, mayBlock, stateRow, thread, waiting, now } = this.#context;
    const site = takeSite();
    checkTimeLimit(timeoutMillis);
    const limit = timeLimit(this.#context, timeoutMillis);
    if (!mayBlock) {
      throw new Error(`Barrier "${this.name}" may not block the main thread. Use waitAsync.`);
    }
    const generation = this.#arrive(site);
    if (generation === undefined) return true;
    stateRow.waitFor(this.#lock, site, now());
    publishWait(this.#table, thread, this.#lock, false);
    waiting.passOn(this.#lock);
    let passed = false;
    try {
      for (;;) {
        const seen = this.#unlessOver(generation);
        passed = seen === undefined;
        if (seen === undefined) return false;
        step("wait", "barrier", this.#lock, site);
        const result = waits.wait(this.#table.words, this.#word, seen, limit.left());
        if (result === "timed-out") this.#giveUp(generation, limit);
      }
    } finally {
      withdrawWait(this.#table, thread);
      stateRow.stopWaiting();
      this.#recordEnd(site, passed);
    }
  }

  /** As wait, but the thread's event loop goes on meanwhile. */
  async waitAsync(timeoutMillis: number = Infinity): Promise<boolean> {
    const site = this.#context.takeSite();
    checkTimeLimit(timeoutMillis);
    const limit = timeLimit(this.#context, timeoutMillis);
    const generation = this.#arrive(site);
    if (generation === undefined) return true;
    let passed = false;
    try {
      for (;;) {
        const seen = this.#unlessOver(generation);
        passed = seen === undefined;
        if (seen === undefined) return false;
        step("wait", "barrier", this.#lock, site);
        const { words } = this.#table;
        const result = await waits.waitAsync(words, this.#word, seen, limit.left());
        if (result === "timed-out") this.#giveUp(generation, limit);
      }
    } finally {
      this.#recordEnd(site, passed);
    }
  }

  get broken(): boolean {
    return (this.#load() & brokenBit) !== 0;
  }

  /** Makes a broken barrier usable again; nothing to do for one that isn't broken. */
  reset(): void {
    const seen = this.#load();
    if ((seen & brokenBit) !== 0) this.#change(seen, fresh(seen));
  }

  /** The generation to wait for the end of; undefined when this was the last to come. */
  #arrive(site: number): number | undefined {
    const { recorder, currentTurn } = this.#context;
    for (;;) {
      const seen = this.#load();
      if ((seen & brokenBit) !== 0) throw new BarrierBrokenError(this.name);
      const missing = this.parties - (seen & arrivedMask) - 1;
      const generation = generationOf(seen);
      this.#takePart(generation);
      if (!this.#change(seen, missing === 0 ? fresh(seen) : seen + 1)) continue;
      if (recorder.locks) {
        recorder.record(codes.barrierArrived, currentTurn(), 0, this.#lock, site, missing, 0);
      }
      if (missing > 0) {
        if (recorder.locks) {
          recorder.record(codes.barrierWaitStarted, currentTurn(), 0, this.#lock, site, 0, 0);
        }
        return generation;
      }
      if (recorder.locks) {
        recorder.record(codes.barrierTripped, currentTurn(), 0, this.#lock, 0, generation, 0);
      }
      this.#forgetBroken(generation);
      wakeParties(this.#table, this.#lock);
      return undefined;
    }
  }

  #recordEnd(site: number, passed: boolean): void {
    const { recorder, currentTurn } = this.#context;
    if (!recorder.locks) return;
    const outcome = waitOutcomes.indexOf(passed ? "acquired" : "cancelled");
    recorder.record(codes.barrierWaitEnded, currentTurn(), outcome, this.#lock, site, 0, 0);
  }

  /** The generation in which this thread came last, plus one: what breakFor goes by when the thread has died. */
  #takePart(generation: number): void {
    const part = this.#table.ofThread(this.#lock, this.#context.thread, threadField.queued);
    step("store", "barrier-part", this.#lock);
    Atomics.store(this.#table.words, part, generation + 1);
  }

  /** The word to sleep on, undefined when all have come; throws when they can't come any more. */
  #unlessOver(generation: number): number | undefined {
    const word = this.#load();
    const counter = this.#table.field(this.#lock, lockField.counter);
    const brokenGeneration = (this.#table.words[counter] ?? 0) - 1;
    const isBroken = generationOf(word) === generation && (word & brokenBit) !== 0;
    if (isBroken || brokenGeneration === generation) throw new BarrierBrokenError(this.name);
    return generationOf(word) === generation ? word : undefined;
  }

  /** Breaks the barrier and throws, unless the last party came in this moment. */
  #giveUp(generation: number, limit: TimeLimit): void {
    if (!breakBarrier(this.#table, this.#lock, generation)) return;
    throw limit.error(`Barrier "${this.name}": not all ${this.parties} parties came`);
  }

  /** Numbers of generations come again. Parties of the one before this may still be about to wake. */
  #forgetBroken(generation: number): void {
    const counter = this.#table.field(this.#lock, lockField.counter);
    if (this.#table.words[counter] !== generation) this.#table.words[counter] = 0;
  }

  #load(): number {
    step("load", "barrier", this.#lock);
    return Atomics.load(this.#table.words, this.#word);
  }

  #change(seen: number, next: number): boolean {
    step("compare-exchange", "barrier", this.#lock);
    // Pairs with itself in every thread: exactly one is the last to come.
    return Atomics.compareExchange(this.#table.words, this.#word, seen, next) === seen;
  }
}

/** All wait on the one word, blocked or not, and all are woken. */
function wakeParties(table: LockTable, lock: number): void {
  step("notify", "barrier", lock);
  waits.notify(table.words, table.field(lock, lockField.word), Infinity);
}

/** False when that generation is over or broken already. */
function breakBarrier(table: LockTable, lock: number, generation: number): boolean {
  const { words } = table;
  const index = table.field(lock, lockField.word);
  for (;;) {
    step("load", "barrier", lock);
    const seen = Atomics.load(words, index);
    if (generationOf(seen) !== generation || (seen & brokenBit) !== 0) return false;
    step("compare-exchange", "barrier", lock);
    if (Atomics.compareExchange(words, index, seen, seen | brokenBit) !== seen) continue;
    // Told by the generation, too: a party may wake only after somebody has reset the barrier.
    words[table.field(lock, lockField.counter)] = generation + 1;
    wakeParties(table, lock);
    return true;
  }
}

/** For a thread that died: breaks the barrier if it came in this generation or the last, and so was one of the parties. */
export function breakFor(table: LockTable, lock: number, thread: number): void {
  const part = table.words[table.ofThread(lock, thread, threadField.queued)] ?? 0;
  if (part === 0) return;
  step("load", "barrier", lock);
  const generation = generationOf(Atomics.load(table.words, table.field(lock, lockField.word)));
  const generationsAgo = (generation - (part - 1)) & 0xffff;
  if (generationsAgo <= 1) breakBarrier(table, lock, generation);
}
