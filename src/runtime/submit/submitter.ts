// One thread's way of submitting events: its own slots, its own rings, its own list of completions. Main, the workload
// thread and every pool thread have one. Only its own thread may use it.
//
// Accepting is one compare-and-swap (free -> queued); from then on the event has exactly one outcome, and the promise that
// submit returned settles with it.

import { assert } from "../../base/assert.ts";
import { codes } from "../../recorder/codes.ts";
import { outcomeCode, outcomes, type Outcome } from "../../trace/outcome.ts";
import { orphan, tellReason, tellRefused, tellResult } from "./accepted-event.ts";
import type { AcceptedEvent, Told } from "./accepted-event.ts";
import { takeCompletions } from "../memory/completion-list.ts";
import { countSlotOutcome, countSlotSubmitted } from "../memory/counts.ts";
import { eventOf } from "./event-of-request.ts";
import type { EventRequest, Submit, SubmitOptions } from "../handler.ts";
import { handleSetOfLane } from "../queue/lanes.ts";
import { memoryFull, releasePayload, storePayload } from "../payload/payload-store.ts";
import { recordEncoded } from "../payload/record-payload.ts";
import { slotField } from "../memory/memory-fields.ts";
import { generationOf, loadSlot, moveSlot, ownerOf, slotWord, stateOf } from "../memory/slot.ts";
import { classOfDeadline } from "../queue/queue-discipline.ts";
import type { QueueHandleSet } from "../queue/queue-handle-set.ts";
import { fillSlot, nextEvent } from "./fill-slot.ts";
import { abortReason, checkSignal, hearAbort, throwIfAborted } from "./hear-abort.ts";
import { takeLost } from "./lost-results.ts";
import { Outbox } from "./outbox.ts";
import { readResult } from "./read-result.ts";
import { ResultWait } from "./result-wait.ts";
import { cancelClaimed } from "../thread/abort-cause.ts";
import { settleQueued } from "../thread/settle-slot.ts";
import { shedEvent, victims, victimsError } from "./shed-event.ts";
import { SubmitterRings } from "./submitter-rings.ts";
import type { SubmitterSetup } from "./submitter-setup.ts";

export class Submitter {
  readonly #setup: SubmitterSetup;
  readonly #rings: SubmitterRings;
  readonly #first: number;
  readonly #free: number[] = [];
  /** By slot, counted from this submitter's first; a Map costs a rehash every few dozen events (measured). */
  readonly #pending: (AcceptedEvent | undefined)[];
  #pendingCount = 0;
  readonly #outbox = new Outbox();
  readonly #completed: number[] = [];
  /** Who of those that wait is shed first, where that is allowed. */
  readonly #victims: QueueHandleSet | undefined;
  readonly #results: ResultWait;
  #closed: string | undefined;
  #released = false;

  constructor(setup: SubmitterSetup) {
    this.#setup = setup;
    this.#victims = victims(setup);
    const { memory, index } = setup;
    this.#rings = new SubmitterRings(setup);
    this.#results = new ResultWait(setup, {
      collect: () => this.collect(),
      awaited: () => (this.#released ? 0 : this.waiting),
    });
    this.#first = index * memory.capacity;
    this.#pending = Array.from({ length: memory.capacity });
    for (let slot = this.#first + memory.capacity - 1; slot >= this.#first; slot--) {
      if (stateOf(loadSlot(memory, slot)) === "free") this.#free.push(slot);
      else this.#await(slot, orphan());
    }
    if (this.#pendingCount > 0) this.#results.listen();
  }

  /** Events that were submitted here and have not settled. */
  get waiting(): number {
    return this.#pendingCount + this.#outbox.size;
  }

  readonly submit: Submit = (request: EventRequest, options?: SubmitOptions): Promise<unknown> =>
    new Promise((resolve, reject) => {
      this.#take(request, options?.signal, { resolve, reject, refuse: reject });
    });

  /** As submit, for who must know an event that never was accepted, and counts nowhere, from one that failed. */
  offer(request: EventRequest, settled: () => void, refuse: (reason: unknown) => void): void {
    try {
      this.#take(request, undefined, { resolve: settled, reject: settled, refuse });
    } catch (reason) {
      refuse(reason);
    }
  }

  /** Throws what is wrong with the request; nothing was accepted then. */
  #take(request: EventRequest, aborts: unknown, told: Told): void {
    if (this.#closed !== undefined) {
      throw Object.assign(new Error(this.#closed), { name: "PoolClosedError" });
    }
    const signal = checkSignal(aborts);
    throwIfAborted(signal);
    const event = eventOf(this.#setup, request, told);
    if (signal !== undefined) this.#hear(event, signal);
    this.#admit(event);
  }

  /** Encoding the payload, which ran a person's code perhaps, may have aborted it. */
  #hear(event: AcceptedEvent, signal: AbortSignal): void {
    throwIfAborted(signal);
    event.unhearAbort = hearAbort(signal, () => this.#abort(event, abortReason(signal)));
  }

  /** No further event is accepted; those accepted still settle. */
  close(why = "The pool is closed; no event can be submitted."): void {
    this.#closed ??= why;
  }

  /** Another submitter takes over these slots: this one looks at them no more. */
  release(): void {
    this.#released = true;
  }

  /** Ends every event that has not started; what runs goes on. */
  cancelQueued(reason: Error): void {
    this.#outbox.rejectAll(reason);
    for (const slot of this.#pendingSlots()) this.#endQueued(slot, "cancelled", reason);
  }

  #admit(event: AcceptedEvent): void {
    // Those that wait for payload memory, where slots are free, go first.
    const slot = this.#outbox.size > 0 ? undefined : this.#free.pop();
    if (slot !== undefined) return void this.#tryAccept(slot, event);
    if (this.#setup.whenFull === "wait") return this.#outbox.push(event);
    this.collect();
    const freed = this.#free.pop() ?? this.#shedWaiting(event);
    if (freed === undefined) shedEvent(this.#setup, event, nextEvent(this.#setup.memory));
    else this.#tryAccept(freed, event);
  }

  /** False when the event waits again, for payload memory, as the first of all. */
  #tryAccept(slot: number, event: AcceptedEvent): boolean {
    const stored = this.#store(slot, event);
    if (stored === "kept") this.#accept(slot, event);
    else this.#free.push(slot);
    if (stored === "no-room") this.#outbox.putBack(event);
    return stored !== "no-room";
  }

  /** There is room for its payload later where events are on their way whose end makes some. */
  #store(slot: number, event: AcceptedEvent): "kept" | "rejected" | "no-room" {
    const { memory, whenFull } = this.#setup;
    if (storePayload(memory, slot, event.payload)) return "kept";
    if (whenFull === "wait" && this.#pendingCount > 0) return "no-room";
    tellRefused(event, memoryFull(memory));
    return "rejected";
  }

  /** Ends one that waits in favour of `event`: its slot, or undefined when `event` is the one to be shed. */
  #shedWaiting(event: AcceptedEvent): number | undefined {
    for (;;) {
      const slot = this.#victims?.front();
      if (slot === undefined) return undefined;
      const reason = victimsError(this.#setup, slot, event);
      if (reason === undefined) return undefined;
      if (this.#endQueued(slot, "shed", reason)) return this.#free.pop();
    }
  }

  /** Its payload lies in the slot. */
  #accept(slot: number, event: AcceptedEvent): void {
    const { memory, recorder } = this.#setup;
    const id = nextEvent(this.#setup.memory);
    const priority = this.#setup.discipline().byDeadline
      ? classOfDeadline(((event.dueMicros - event.submittedMicros) | 0) / 1000)
      : event.priority;
    fillSlot(memory, slot, event, id, priority);
    event.place = slot;
    this.#await(slot, event);
    if (recorder.scheduling) {
      const depth = this.#setup.handleSet.depth() + 1;
      const turn = this.#setup.currentTurn();
      const set = handleSetOfLane(memory, this.#setup.model.laneOf(event.object));
      recorder.record(codes.eventSubmitted, turn, priority, id, event.handler, depth, set);
      recordEncoded(recorder, turn, id, event.payload, event.encodeNanos);
    }
    this.#queue(slot, priority);
    this.#results.listen();
  }

  #await(slot: number, event: AcceptedEvent): void {
    this.#pending[slot - this.#first] = event;
    this.#pendingCount++;
  }

  #pendingSlots(): number[] {
    return this.#pending.flatMap((event, index) =>
      event === undefined ? [] : [this.#first + index],
    );
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
    if (this.#rings.push(slot, word, priority)) return;
    // The slot stays queued meanwhile.
    setImmediate(() => this.push(slot, word, priority));
  }

  /** See requeue.ts. */
  requeue(slot: number, seen: number, priority: number): boolean {
    return this.#rings.requeue(slot, seen, priority);
  }

  /**
   * The caller is told at once. What runs keeps its slot until its turn has ended, by itself or with its thread. What has just
   * settled has its outcome: the caller gets that.
   */
  #abort(event: AcceptedEvent, reason: unknown): void {
    const { place } = event;
    if (place === "nowhere") return;
    if (place === "outbox") return this.#outbox.drop(event, reason);
    while (!this.#endQueued(place, "cancelled", reason)) {
      const found = cancelClaimed(this.#setup.memory, place);
      if (found === "settles") return;
      // Else its thread has died, and it waits to run again.
      if (found === "claimed") return this.#leaveRunning(place, event, reason);
    }
  }

  #leaveRunning(slot: number, event: AcceptedEvent, reason: unknown): void {
    this.#pending[slot - this.#first] = orphan();
    tellReason(event, reason);
    this.#setup.cancelled(slot);
  }

  /** False when the event is not queued any more. */
  #endQueued(slot: number, outcome: "cancelled" | "shed", reason: unknown): boolean {
    const { memory, recorder } = this.#setup;
    const settled = settleQueued(memory, slot, outcome);
    if (settled === undefined) return false;
    if (recorder.scheduling) {
      const event = memory.words[memory.slot(slot, slotField.event)] ?? 0;
      const handler = memory.words[memory.slot(slot, slotField.handler)] ?? 0;
      recorder.record(codes.settled, 0, outcomeCode[outcome], event, handler, 0, 0);
    }
    this.#finish(slot, settled, outcome, { reason });
    return true;
  }

  /** `seen` is the settled word, under which nobody else touches the slot. Without `told` the slot says what the caller is told. */
  #finish(slot: number, seen: number, outcome: Outcome, told?: { reason: unknown }): void {
    const { memory } = this.#setup;
    const event = this.#pending[slot - this.#first];
    assert(event !== undefined, "a slot settles without a submitter");
    this.#pending[slot - this.#first] = undefined;
    this.#pendingCount--;
    const result = told ?? readResult(this.#setup, slot, outcome);
    releasePayload(memory, slot);
    const isUnread = outcome === "completed" && !("value" in result);
    countSlotOutcome(memory, slot, isUnread ? "failed" : outcome);
    moveSlot(memory, slot, seen, slotWord(generationOf(seen), "free", 0));
    this.#reuse(slot);
    if ("value" in result) tellResult(event, result.value);
    else tellReason(event, result.reason);
  }

  #reuse(slot: number): void {
    for (let free: number | undefined = slot; free !== undefined; free = this.#free.pop()) {
      const next = this.#outbox.take();
      if (next === undefined) return void this.#free.push(free);
      next.submittedMicros = this.#setup.nowMicros();
      if (!this.#tryAccept(free, next)) return;
    }
  }

  /** Settles what has completed; returns how many. */
  collect(): number {
    const { memory, index } = this.#setup;
    takeCompletions(memory, index, this.#completed);
    for (const slot of this.#completed) this.#finishSettled(slot);
    return this.#completed.length + this.#collectLost();
  }

  #collectLost(): number {
    const { memory, index } = this.#setup;
    const lost = takeLost(memory, index, () => this.#pendingSlots());
    for (const slot of lost) this.#finishSettled(slot);
    return lost.length;
  }

  #finishSettled(slot: number): void {
    const word = loadSlot(this.#setup.memory, slot);
    this.#finish(slot, word, outcomes[ownerOf(word)] ?? "failed");
  }
}
