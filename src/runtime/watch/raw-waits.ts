// Atomics.wait, waitAsync and notify as handlers and their dependencies use them by themselves. A word that somebody blocks on
// is shown as a lock that is not ours: a wait is a wait, and what ends with a notify is the hold that was waited for. When
// it began is known only if its thread had waited for the word itself before; else it has no length. A wait that ends by its
// time on a word that nobody has notified yet is a sleep, and is shown as a blocking call.
//
// Words are told apart by the size of their buffer and their place in it: a thread can't know whether another thread's
// buffer is the same memory. What `ctx.shared` gives lies at places of its own.

import { codes } from "../../recorder/codes.ts";
import { waitOutcomes, type WaitOutcome } from "../../trace/outcome.ts";
import { hot } from "../memory/memory-fields.ts";
import { replaceFunction, replaceTogether, type AnyFunction } from "./replace-function.ts";
import { sharedIdField, type Key } from "./shared-ids.ts";
import type { Watch } from "./watch.ts";

type WaitArray = Int32Array | BigInt64Array;

const ok = waitOutcomes.indexOf("acquired");
const timedOut = waitOutcomes.indexOf("timed-out" satisfies WaitOutcome);

/** Bound before anything is replaced; `waits` has the real ones too. */
const real = { wait: Atomics.wait, waitAsync: Atomics.waitAsync, notify: Atomics.notify };

const waitNames = ["wait"];
const waitAsyncNames = ["waitAsync"];
const notifyNames = ["notify"];

export function watchRawWaits(watch: Watch): void {
  if (!watch.recorder.locks) return;
  const raw = new RawWaits(watch);
  const why = replaceTogether(Atomics, {
    wait: () => raw.wait as AnyFunction,
    notify: () => raw.notify as AnyFunction,
  });
  watch.tellUnseen("wait and notify", "Atomics", why);
  // What it waits for would never be seen to come.
  if (why !== undefined) return;
  const whyAsync = replaceFunction(Atomics, "waitAsync", () => raw.waitAsync as AnyFunction);
  watch.tellUnseen("waitAsync", "Atomics", whyAsync);
}

interface RawWord {
  readonly lock: number;
  /** Index in the shared words of what all threads know of it. */
  readonly at: number;
}

class RawWaits {
  readonly #watch: Watch;
  readonly #words = new Map<string, RawWord>();
  /** By lock: when this thread was last woken from it, until it notifies. */
  readonly #since = new Map<number, bigint>();

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  readonly wait = (
    array: WaitArray,
    index: number,
    value: number | bigint,
    timeout?: number,
  ): "ok" | "not-equal" | "timed-out" => {
    const call = (): "ok" | "not-equal" | "timed-out" =>
      real.wait(array as Int32Array, index, value as number, timeout);
    const turn = this.#watch.currentTurn();
    const marked = this.#watch.sites.marked(waitNames);
    if (turn === 0 || !isShared(array) || Atomics.load(array as Int32Array, index) !== value) {
      return call();
    }
    const site = marked === 0 ? this.#watch.sites.captured() : marked;
    const word = this.#word(array, index, "Atomics.wait", site);
    if (word === undefined) return call();
    if (this.#isSleep(word, timeout)) return this.#sleep(turn, site, call);
    const { stateRow, now } = this.#watch;
    this.#started(word, turn, site);
    stateRow.waitFor(word.lock, site, now());
    try {
      const result = call();
      this.#ended(word, turn, site, result === "timed-out" ? timedOut : ok);
      return result;
    } finally {
      stateRow.stopWaiting();
    }
  };

  readonly waitAsync: typeof Atomics.waitAsync = (
    array: WaitArray,
    index: number,
    value: number | bigint,
    timeout?: number,
  ): ReturnType<typeof Atomics.waitAsync> => {
    const result = real.waitAsync(array as Int32Array, index, value as number, timeout);
    const turn = this.#watch.currentTurn();
    const marked = this.#watch.sites.marked(waitAsyncNames);
    if (turn === 0 || !result.async) return result;
    const site = marked === 0 ? this.#watch.sites.captured() : marked;
    const word = this.#word(array, index, "Atomics.waitAsync", site);
    if (word === undefined) return result;
    this.#started(word, turn, site);
    void result.value.then((outcome) =>
      this.#ended(word, turn, site, outcome === "timed-out" ? timedOut : ok),
    );
    return result;
  };

  readonly notify: typeof Atomics.notify = (array: WaitArray, index: number, count?: number) => {
    const turn = this.#watch.currentTurn();
    const marked = this.#watch.sites.marked(notifyNames);
    const word = turn === 0 || !isShared(array) ? undefined : this.#knownWord(array, index);
    if (word === undefined) return real.notify(array as Int32Array, index, count);
    return this.#notified(word, turn, marked, () => real.notify(array as Int32Array, index, count));
  };

  #isSleep({ at }: RawWord, timeout = Infinity): boolean {
    const { words } = this.#watch.ids;
    return Number.isFinite(timeout) && Atomics.load(words, at + sharedIdField.count) === 0;
  }

  #sleep<T>(turn: number, site: number, call: () => T): T {
    const { recorder } = this.#watch;
    const name = this.#watch.internString("Atomics.wait");
    recorder.record(codes.blockingCallStarted, turn, 0, name, site, 0, 0);
    try {
      return call();
    } finally {
      recorder.record(codes.blockingCallEnded, turn, 0, name, site, 0, 0);
    }
  }

  #started({ lock, at }: RawWord, turn: number, site: number): void {
    const { recorder, ids } = this.#watch;
    const waiters = Atomics.add(ids.words, at + sharedIdField.inUse, 1) + 1;
    // The hold that the next notify ends.
    const acquisition = Atomics.load(ids.words, at + sharedIdField.count) + 1;
    recorder.record(codes.lockWaitStarted, turn, waiters, lock, site, 0, acquisition);
  }

  #ended({ lock, at }: RawWord, turn: number, site: number, outcome: number): void {
    const { recorder, ids, now } = this.#watch;
    Atomics.sub(ids.words, at + sharedIdField.inUse, 1);
    const end = now();
    const acquisition = Atomics.load(ids.words, at + sharedIdField.count);
    const waker = outcome === ok ? (ids.words[at + sharedIdField.thread] ?? 0) : 0;
    recorder.recordAt(
      end,
      codes.lockWaitEnded,
      turn,
      outcome,
      lock,
      site,
      waker,
      outcome === ok ? acquisition : acquisition + 1,
    );
    if (outcome === ok) this.#since.set(lock, end);
  }

  #notified({ lock, at }: RawWord, turn: number, marked: number, wake: () => number): number {
    const { recorder, ids, now, thread, sites } = this.#watch;
    const waiters = Atomics.load(ids.words, at + sharedIdField.inUse);
    const since = this.#since.get(lock);
    this.#since.delete(lock);
    if (waiters === 0 && since === undefined) return wake();
    const site = marked === 0 ? sites.captured() : marked;
    const end = now();
    ids.words[at + sharedIdField.thread] = thread + 1;
    // Publishes the waker with its number: a waiter reads both once it is awake.
    const acquisition = Atomics.add(ids.words, at + sharedIdField.count, 1) + 1;
    const woken = wake();
    recorder.recordAt(since ?? end, codes.lockAcquired, turn, 0, lock, site, 0, acquisition);
    recorder.recordAt(end, codes.lockReleased, turn, 0, lock, site, 0, acquisition);
    return woken;
  }

  #word(array: WaitArray, index: number, what: string, site: number): RawWord | undefined {
    const place = placeOf(array, index);
    const known = this.#words.get(place);
    if (known !== undefined) return known;
    const id = this.#watch.ids.claim(keyOf(array, index), hot.nextForeignLock);
    if (id === undefined) return undefined;
    const name = `${what} at ${this.#watch.sites.shortName(site) || "an unknown place"}`;
    const lock = id.isNew ? this.#watch.nameLock(id.number, name) : this.#watch.lockOf(id.number);
    const word = { lock, at: id.at };
    this.#words.set(place, word);
    return word;
  }

  /** A word that some thread has waited on. */
  #knownWord(array: WaitArray, index: number): RawWord | undefined {
    const place = placeOf(array, index);
    const known = this.#words.get(place);
    if (known !== undefined) return known;
    const { ids } = this.#watch;
    const at = ids.find(keyOf(array, index));
    if (at === -1) return undefined;
    const word = { lock: this.#watch.lockOf(ids.numberAt(at)), at };
    this.#words.set(place, word);
    return word;
  }
}

function isShared(array: WaitArray): boolean {
  // A call with something else is Node's to refuse, in its own words.
  return ArrayBuffer.isView(array) && array.buffer instanceof SharedArrayBuffer;
}

function byteOf(array: WaitArray, index: number): number {
  return array.byteOffset + index * array.BYTES_PER_ELEMENT;
}

function placeOf(array: WaitArray, index: number): string {
  return `${array.buffer.byteLength} ${byteOf(array, index)}`;
}

function keyOf(array: WaitArray, index: number): Key {
  const low = (Math.imul(array.buffer.byteLength, 0x01000193) ^ 0x5bd1e995) | 0;
  return { low: low === 0 ? 1 : low, high: byteOf(array, index) | 0 };
}
