// One thread's way of submitting events: its own slots, its own rings, its own list of completions. Main, the workload
// thread and every pool thread have one. Only its own thread may use it.
//
// Accepting is one compare-and-swap (free -> queued); from then on the event has exactly one outcome, and the promise that
// submit returned settles with it.

import { at } from "../base/assert.ts";
import { codes } from "../recorder/codes.ts";
import { step } from "../sync/step.ts";
import { waits } from "../sync/waits.ts";
import { outcomeCode, outcomes, type Outcome } from "../trace/outcome.ts";
import { takeCompletions } from "./completion-list.ts";
import {
  countOutcome,
  countSlotOutcome,
  countSlotSubmitted,
  countSubmitted,
  notCounted,
} from "./counts.ts";
import { toError, type PlainError } from "./error-transfer.ts";
import { checkRequest } from "./event-request.ts";
import type { EventRequest, Submit, SubmitOptions } from "./handler.ts";
import { encodeValue, type Encoded } from "./payload-codec.ts";
import { loadPayload, releasePayload, storePayload } from "./payload-store.ts";
import { hot, slotField, submitterField } from "./pool-memory.ts";
import { generationOf, loadSlot, moveSlot, ownerOf, ringEntry, slotWord, stateOf } from "./slot.ts";
import { openRing, pushEntry, type SubmissionRing } from "./submission-ring.ts";
import type { SubmitterSetup } from "./submitter-setup.ts";
import { wakeLeader } from "./wake-leader.ts";

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly stopListening: (() => void) | undefined;
}

interface Accepted {
  readonly handler: number;
  readonly priority: number;
  readonly payload: Encoded;
  readonly options: SubmitOptions | undefined;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

export class Submitter {
  readonly #setup: SubmitterSetup;
  readonly #rings: readonly SubmissionRing[];
  readonly #free: number[] = [];
  readonly #pending = new Map<number, Pending>();
  /** Events that found no free slot, in order. */
  readonly #outbox: Accepted[] = [];
  readonly #completed: number[] = [];
  #listening = false;
  #closed = false;

  constructor(setup: SubmitterSetup) {
    this.#setup = setup;
    const { memory, index } = setup;
    const classes = setup.byPriority ? 8 : 1;
    this.#rings = Array.from({ length: classes }, (_, each) => openRing(memory, index, each));
    const first = index * memory.capacity;
    for (let slot = first + memory.capacity - 1; slot >= first; slot--) {
      if (stateOf(loadSlot(memory, slot)) === "free") this.#free.push(slot);
      // Left by a thread that died in this seat: nobody awaits its result any more, but it still has its outcome to come.
      else this.#pending.set(slot, { resolve: ignore, reject: ignore, stopListening: undefined });
    }
    if (this.#pending.size > 0) this.#listen();
  }

  /** Events that were submitted here and have not settled. */
  get waiting(): number {
    return this.#pending.size + this.#outbox.length;
  }

  readonly submit: Submit = (request: EventRequest, options?: SubmitOptions): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (this.#closed) throw new Error("The pool is closed; no event can be submitted.");
      const { handler, priority } = checkRequest(request, this.#setup.handlers);
      options?.signal?.throwIfAborted();
      const payload = encodeValue(request.payload);
      this.#admit({ handler, priority, payload, options, resolve, reject });
    });

  /** No further event is accepted; those accepted still settle. */
  close(): void {
    this.#closed = true;
  }

  /** Ends every event that has not started; what runs goes on. */
  cancelQueued(reason: Error): void {
    for (const event of this.#outbox.splice(0)) event.reject(reason);
    for (const slot of [...this.#pending.keys()]) this.#cancelQueued(slot, reason);
  }

  #admit(event: Accepted): void {
    const slot = this.#free.pop();
    if (slot !== undefined) return this.#accept(slot, event);
    if (this.#setup.whenFull === "shed-newest") return this.#shed(event);
    this.#outbox.push(event);
  }

  #shed(event: Accepted): void {
    const { memory, recorder, handlers } = this.#setup;
    countSubmitted(memory);
    countOutcome(memory, "shed");
    const id = this.#nextEvent();
    if (recorder.scheduling) {
      recorder.record(
        codes.eventShed,
        this.#setup.currentTurn(),
        event.priority,
        id,
        event.handler,
        0,
        0,
      );
    }
    const type = handlers[event.handler] ?? "";
    event.reject(
      Object.assign(
        new Error(
          `Event "${type}" was shed: all ${memory.capacity} places of the queue are taken.`,
        ),
        { name: "ShedError", code: "ERR_EVENT_SHED" },
      ),
    );
  }

  #nextEvent(): number {
    step("add", "event-number", 0);
    return Atomics.add(this.#setup.memory.words, hot.nextEvent, 1) + 1;
  }

  #accept(slot: number, event: Accepted): void {
    const { memory, recorder } = this.#setup;
    const { words } = memory;
    try {
      storePayload(memory, slot, event.payload);
    } catch (error) {
      this.#free.push(slot);
      return event.reject(error);
    }
    const id = this.#nextEvent();
    words[memory.slot(slot, slotField.event)] = id;
    words[memory.slot(slot, slotField.handler)] = event.handler;
    words[memory.slot(slot, slotField.priority)] = event.priority;
    words[memory.slot(slot, slotField.submitter)] = this.#setup.index;
    words[memory.slot(slot, slotField.attempt)] = 0;
    words[memory.slot(slot, slotField.cancel)] = 0;
    words[memory.slot(slot, slotField.submittedMicros)] = this.#setup.nowMicros();
    this.#remember(slot, event);
    if (recorder.scheduling) {
      const depth = this.#setup.handleSet.depth() + 1;
      const turn = this.#setup.currentTurn();
      recorder.record(codes.eventSubmitted, turn, event.priority, id, event.handler, depth, 0);
    }
    words[memory.slot(slot, slotField.counted)] = notCounted;
    this.#queue(slot, event.priority);
    this.#listen();
  }

  #remember(slot: number, event: Accepted): void {
    const { resolve, reject, options } = event;
    const signal = options?.signal;
    if (signal === undefined) {
      this.#pending.set(slot, { resolve, reject, stopListening: undefined });
      return;
    }
    const abort = (): void => this.#abort(slot, signal);
    signal.addEventListener("abort", abort, { once: true });
    const stopListening = (): void => signal.removeEventListener("abort", abort);
    this.#pending.set(slot, { resolve, reject, stopListening });
  }

  /** Publishes a slot and makes sure that somebody looks at it. */
  #queue(slot: number, priority: number): void {
    const { memory } = this.#setup;
    const seen = loadSlot(memory, slot);
    const word = slotWord(generationOf(seen) + 1, "queued", 0);
    moveSlot(memory, slot, seen, word);
    countSlotSubmitted(memory, slot);
    this.push(slot, word, priority);
  }

  /** Puts a queued slot into this submitter's ring; the supervisor uses it for events that run again. */
  push(slot: number, word: number, priority: number): void {
    const ring = at(this.#rings, this.#setup.byPriority ? priority : 0);
    if (pushEntry(ring, ringEntry(slot, word))) return wakeLeader(this.#setup);
    // Full of stale entries, which the leader clears before it sleeps: the slot stays queued meanwhile.
    setImmediate(() => this.push(slot, word, priority));
  }

  #abort(slot: number, signal: AbortSignal): void {
    if (this.#cancelQueued(slot, signal.reason)) return;
    const { memory } = this.#setup;
    const word = loadSlot(memory, slot);
    if (stateOf(word) !== "claimed") return;
    step("store", "cancel", slot);
    // Read by ctx.signal of a handler that never returns to its event loop.
    Atomics.store(memory.words, memory.slot(slot, slotField.cancel), 1);
    this.#setup.abortRunning(slot, ownerOf(word));
  }

  /** False when the event is not queued any more. */
  #cancelQueued(slot: number, reason: unknown): boolean {
    const { memory, recorder } = this.#setup;
    const seen = loadSlot(memory, slot);
    if (stateOf(seen) !== "queued") return false;
    const settled = slotWord(generationOf(seen), "settled", outcomeCode.cancelled);
    if (!moveSlot(memory, slot, seen, settled)) return false;
    if (recorder.scheduling) {
      const event = memory.words[memory.slot(slot, slotField.event)] ?? 0;
      const handler = memory.words[memory.slot(slot, slotField.handler)] ?? 0;
      recorder.record(codes.settled, 0, outcomeCode.cancelled, event, handler, 0, 0);
    }
    this.#finish(slot, "cancelled", reason);
    return true;
  }

  #finish(slot: number, outcome: Outcome, reason?: unknown): void {
    const { memory } = this.#setup;
    const pending = this.#pending.get(slot);
    this.#pending.delete(slot);
    const value = reason ?? loadPayload(memory, slot);
    releasePayload(memory, slot);
    countSlotOutcome(memory, slot, outcome);
    const seen = loadSlot(memory, slot);
    moveSlot(memory, slot, seen, slotWord(generationOf(seen), "free", 0));
    this.#reuse(slot);
    pending?.stopListening?.();
    if (outcome === "completed") pending?.resolve(value);
    else pending?.reject(reason ?? toError(value as PlainError));
  }

  #reuse(slot: number): void {
    const next = this.#outbox.shift();
    if (next === undefined) this.#free.push(slot);
    else this.#accept(slot, next);
  }

  /** Settles what has completed; returns how many. */
  collect(): number {
    const { memory, index } = this.#setup;
    takeCompletions(memory, index, this.#completed);
    for (const slot of this.#completed) this.#finishSettled(slot);
    return this.#completed.length + this.#collectLost();
  }

  /** What a thread settled and then died before it could push it; marked by the supervisor in recover.ts. */
  #collectLost(): number {
    const { memory, index } = this.#setup;
    const { words } = memory;
    const lost = memory.submitter(index, submitterField.lost);
    step("load", "lost", index);
    if (Atomics.load(words, lost) === 0) return 0;
    step("exchange", "lost", index);
    // Pairs with the add in recover.ts: the marks were written before it.
    Atomics.exchange(words, lost, 0);
    const marked = [...this.#pending.keys()].filter((slot) => {
      const word = loadSlot(memory, slot);
      return stateOf(word) === "settled" && words[memory.slot(slot, slotField.lostWord)] === word;
    });
    for (const slot of marked) this.#finishSettled(slot);
    return marked.length;
  }

  #finishSettled(slot: number): void {
    const word = loadSlot(this.#setup.memory, slot);
    this.#finish(slot, outcomes[ownerOf(word)] ?? "failed");
  }

  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    void this.#collectUntilIdle();
  }

  async #collectUntilIdle(): Promise<void> {
    const { memory, index } = this.#setup;
    const { words } = memory;
    const doorbell = memory.submitter(index, submitterField.doorbell);
    const asleep = memory.submitter(index, submitterField.asleep);
    while (this.waiting > 0) {
      if (this.collect() > 0) {
        await continuationsRun();
        continue;
      }
      step("load", "doorbell", index);
      const seen = Atomics.load(words, doorbell);
      step("store", "asleep", index);
      // Set the flag, look again, then wait: pairs with ringDoorbell, which pushes first and reads the flag after.
      Atomics.store(words, asleep, 1);
      if (this.collect() === 0) {
        step("wait", "doorbell", index);
        await waits.waitAsync(words, doorbell, seen, Infinity);
      } else {
        step("store", "asleep", index);
        Atomics.store(words, asleep, 0);
        await continuationsRun();
      }
    }
    Atomics.store(words, asleep, 0);
    this.#listening = false;
  }
}

/**
 * What just settled may submit again, several microtasks from now: going to sleep before that costs a wake-up for each
 * event (measured).
 */
function continuationsRun(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function ignore(): void {
  return undefined;
}
