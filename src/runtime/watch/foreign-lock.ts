// A lock of another library, as this thread's turns use it: who waits, who holds. It lives in one thread; each of its holds
// has a number, by which a wait joins the hold that it waited for.

import { codes } from "../../recorder/codes.ts";
import { waitOutcomes } from "../../trace/outcome.ts";
import type { Watch } from "./watch.ts";

/** A hold that nobody waited for is told only when it lasted longer. */
const longHoldNanos = 100_000n;
/** Locks that are named one by one; a program that makes one for each event would fill the tables. */
const namesAllowed = 1000;

const acquired = waitOutcomes.indexOf("acquired");
const cancelled = waitOutcomes.indexOf("cancelled");

/** One acquire, from the call until its release. */
export interface Acquire {
  readonly turn: number;
  readonly site: number;
  /** The wait was told, and with it the hold that it waits for. */
  readonly waited: boolean;
  readonly waitedFor: number;
  since: bigint;
  acquisition: number;
}

let named = 0;

export class ForeignLock {
  readonly #watch: Watch;
  readonly #library: string;
  readonly #holds = new Set<Acquire>();
  #index = -1;
  #waiting = 0;
  #acquisitions = 0;

  constructor(watch: Watch, library: string) {
    this.#watch = watch;
    this.#library = library;
  }

  /** Holds at the moment. */
  get inUse(): number {
    return this.#holds.size;
  }

  /** To be called within the call of the person's code. `methods` are the names it may be called by there. */
  want(methods: readonly string[], isFree: boolean): Acquire {
    const { sites, recorder, thread } = this.#watch;
    const turn = this.#watch.currentTurn();
    const marked = sites.marked(methods);
    const waits = !isFree && turn !== 0;
    const site = marked === 0 && waits ? sites.captured() : marked;
    const [holder] = this.#holds;
    // Without a holder it is promised to somebody whose turn has not gone on yet.
    const waitedFor = holder?.acquisition ?? this.#acquisitions + 1;
    if (waits) {
      this.#waiting++;
      const lock = this.#lock(site);
      recorder.record(
        codes.lockWaitStarted,
        ...([turn, this.#waiting, lock, site, thread + 1, waitedFor] as const),
      );
    }
    return { turn, site, waited: waits, waitedFor, since: 0n, acquisition: 0 };
  }

  granted(acquire: Acquire): void {
    acquire.since = this.#watch.now();
    acquire.acquisition = ++this.#acquisitions;
    this.#holds.add(acquire);
    if (acquire.waited) this.#waitEnds(acquire, acquire.since, acquired);
  }

  /** The wait ended without the lock. */
  gaveUp(acquire: Acquire): void {
    if (acquire.waited) this.#waitEnds(acquire, this.#watch.now(), cancelled);
  }

  released(acquire: Acquire): void {
    if (!this.#holds.delete(acquire)) return;
    const { recorder, now } = this.#watch;
    const until = now();
    const { turn, site, since, acquisition } = acquire;
    const matters = acquire.waited || this.#waiting > 0 || until - since >= longHoldNanos;
    if (!matters) return;
    const lock = this.#lock(site);
    recorder.recordAt(since, codes.lockAcquired, turn, 0, lock, site, 0, acquisition);
    recorder.recordAt(until, codes.lockReleased, turn, 0, lock, site, 0, acquisition);
  }

  /** For a release that does not say whose: the present turn's, else the oldest. */
  releasedOne(): void {
    const turn = this.#watch.currentTurn();
    const [oldest] = this.#holds;
    const own = [...this.#holds].find((hold) => hold.turn === turn) ?? oldest;
    if (own !== undefined) this.released(own);
  }

  #waitEnds(acquire: Acquire, end: bigint, outcome: number): void {
    this.#waiting--;
    const { recorder, thread } = this.#watch;
    const { turn, site, waitedFor } = acquire;
    const waker = outcome === acquired ? thread + 1 : 0;
    const lock = this.#lock(site);
    recorder.recordAt(end, codes.lockWaitEnded, turn, outcome, lock, site, waker, waitedFor);
  }

  /** Named when it first matters, by where that was. */
  #lock(site: number): number {
    if (this.#index === -1) {
      const place = named < namesAllowed ? this.#watch.sites.shortName(site) : "";
      named++;
      this.#index = this.#watch.newLock(`${this.#library}${place === "" ? "" : ` at ${place}`}`);
    }
    return this.#index;
  }
}
