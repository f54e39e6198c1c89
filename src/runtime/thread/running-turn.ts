// Which turn runs now. Code belongs to the turn that started it, over awaits, timers and callbacks (Node's AsyncLocalStorage),
// so what `ctx` hands out may be kept anywhere: a lock belongs to the turn that asks for it, whoever's ctx it came from.
//
// Invariant: `asking` never names a turn whose code does not run. Code of no turn that lives (of setup and teardown, of a turn
// that has settled, or begun when turns were not followed) is nobody's, 0: what it holds keeps others out like any other hold,
// and no turn's end takes it back.
//
// Followed, each promise costs 0.1 to 0.3 us more (measured; an event that awaits one free lock up to a third more processor time on
// Node 20), so turns are followed only where it tells something: in threads that ask for locks and whose turns go on after their
// handler has returned. Until that can be known, all are.

import { AsyncLocalStorage } from "node:async_hooks";
import { LiveTurns } from "./live-turns.ts";
import type { Turn } from "./turn.ts";

/** By then a thread whose handlers use locks has asked for one. */
const turnsOfTrial = 1000;

export class RunningTurn {
  readonly live: LiveTurns = new LiveTurns();
  /** The turn whose code is on the stack, as far as its runner knows: surely in the synchronous part of a handler. */
  current: Turn | undefined;
  readonly #followed = new AsyncLocalStorage<Turn>();
  #trialLeft = turnsOfTrial;
  #asksForLocks = false;
  #leavesTurns = false;

  /** Number of the turn that the calling code belongs to. */
  get asking(): number {
    const turn = this.#followed.getStore() ?? this.current;
    return turn === undefined || turn.settled ? 0 : turn.number;
  }

  /** For records, which may guess: in code that nobody follows the turn that is suspended, if it is alone. */
  get recorded(): number {
    const asking = this.asking;
    return asking === 0 ? (this.live.only?.number ?? 0) : asking;
  }

  /** For what is recorded by a ctx: its own turn in code that nobody follows. */
  recordedBy(own: Turn): number {
    const turn = this.#followed.getStore() ?? this.current ?? own;
    return turn.settled ? 0 : turn.number;
  }

  /** Calls what belongs to the turn. */
  run<T>(turn: Turn, call: () => T): T {
    return this.#follows() ? this.#followed.run(turn, call) : call();
  }

  /** A ctx is asked for a lock. */
  askedForLock(): void {
    this.#asksForLocks = true;
  }

  /** A handler has returned, and its turn goes on. */
  leftTurn(): void {
    this.#leavesTurns = true;
  }

  settledTurn(): void {
    if (this.#trialLeft === 0) return;
    this.#trialLeft--;
    // Node 20 and 22 hook every promise of a thread in which turns were once followed, until they are told to stop.
    if (!this.#follows()) this.#followed.disable();
  }

  #follows(): boolean {
    return this.#trialLeft > 0 || (this.#asksForLocks && this.#leavesTurns);
  }
}
