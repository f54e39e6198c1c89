// One pool thread's events as two rows of slices. The state row says what the thread does; its slices never overlap, as a
// wait cuts the handler that it lies in. The row below says what else is true then: locks held, garbage collections, spans.

import type { SliceColumns, SliceState } from "../../protocol/timeline.ts";
import { kindOf, type EventKind } from "../../trace/event-kind.ts";
import { roles, type Role } from "../../trace/role.ts";
import { eventOrder, firstAtLeast } from "../../trace/time-order.ts";
import type { EventColumns } from "../../trace/trace.ts";
import { SliceList } from "./slice-list.ts";

export interface Lane {
  readonly thread: number;
  readonly name: string;
  readonly state: SliceColumns;
  /** By start; may overlap. */
  readonly under: SliceColumns;
}

/** `deaths` are the times at which threads in this seat died, ascending; `end` is the trace's. */
export function laneOf(
  thread: number,
  name: string,
  events: EventColumns,
  deaths: Float64Array,
  end: number,
): Lane {
  const builder = new LaneBuilder(deaths);
  for (const index of eventOrder(events)) {
    const kind = kindOf(events.code[index] ?? 0);
    if (kind !== undefined) builder.see(kind, events, index);
  }
  return { thread, name, ...builder.finish(end) };
}

interface Showing {
  readonly state: SliceState;
  readonly name: number;
  readonly event: number;
}

class LaneBuilder {
  readonly #deaths: Float64Array;
  readonly #state = new SliceList();
  readonly #under = new SliceList();
  readonly #running = new Map<number, { readonly handler: number; readonly event: number }>();
  readonly #suspended = new Set<number>();
  readonly #held = new Map<string, { readonly time: number; readonly event: number }>();
  readonly #spans = new Map<string, { readonly time: number; readonly name: number }>();
  #role: Role = "outside";
  #generation = 0;
  #turn = 0;
  /** By turn: a suspended turn may wait while another one runs. */
  readonly #waits = new Map<number, number>();
  #blockedIn: number | undefined;
  #showing: Showing | undefined;
  #since = 0;

  constructor(deaths: Float64Array) {
    this.#deaths = deaths;
  }

  see(kind: EventKind, events: EventColumns, index: number): void {
    const time = events.time[index] ?? 0;
    const turn = events.turn[index] ?? 0;
    const a = events.a[index] ?? 0;
    const b = events.b[index] ?? 0;
    switch (kind) {
      case "roleChanged":
        this.#role = roles[events.small[index] ?? 0] ?? "outside";
        this.#generation = events.c[index] ?? 0;
        break;
      case "handlerStarted":
        this.#running.set(turn, { handler: b, event: a });
        this.#turn = turn;
        break;
      case "handlerSuspended":
        this.#suspended.add(turn);
        break;
      case "handlerResumed":
        this.#suspended.delete(turn);
        this.#turn = turn;
        break;
      case "handlerEnded":
      case "handlerFailed":
        this.#running.delete(turn);
        this.#suspended.delete(turn);
        break;
      case "lockWaitStarted":
      case "conditionWaitStarted":
      case "barrierWaitStarted":
        this.#waits.set(turn, a);
        this.#turn = turn;
        break;
      case "lockWaitEnded":
      case "conditionWaitEnded":
      case "barrierWaitEnded":
        this.#waits.delete(turn);
        break;
      case "blockingCallStarted":
        this.#blockedIn = a;
        break;
      case "blockingCallEnded":
        this.#blockedIn = undefined;
        break;
      case "threadStopped":
        this.#role = "outside";
        break;
      case "threadStarted":
        this.#died(time);
        break;
      default:
        this.#seeUnder(kind, time, turn, a, b, events.d[index] ?? 0);
        return;
    }
    this.#show(this.#derive(), time);
  }

  finish(end: number): Pick<Lane, "state" | "under"> {
    this.#show(undefined, end);
    for (const [key, { time, event }] of this.#held) {
      this.#under.add("lockHeld", time, end, Number(key.split(" ")[0]), event);
    }
    for (const { time, name } of this.#spans.values()) this.#under.add("span", time, end, name, -1);
    return { state: this.#state.inOrder(), under: this.#under.byStart() };
  }

  /** A thread begins in a dead one's seat: what that one was in ended with it. */
  #died(restarted: number): void {
    // Half a nanosecond: a death at the time itself is one.
    const later = firstAtLeast(this.#deaths, this.#deaths.length, restarted + 0.5);
    const at = this.#deaths[later - 1] ?? restarted;
    this.#show(undefined, Math.max(at, this.#since));
    this.#role = "outside";
    this.#blockedIn = undefined;
    for (const open of [this.#running, this.#suspended, this.#waits, this.#held, this.#spans]) {
      open.clear();
    }
  }

  #derive(): Showing | undefined {
    if (this.#role === "outside") return undefined;
    if (this.#role === "leader") return { state: "leading", name: 0, event: this.#generation };
    const turn = this.#running.get(this.#turn);
    const event = turn?.event ?? -1;
    const lock = this.#waits.get(this.#turn);
    if (lock !== undefined) return { state: "lockWait", name: lock, event };
    if (this.#blockedIn !== undefined) {
      return { state: "blockingCall", name: this.#blockedIn, event };
    }
    if (turn === undefined || this.#suspended.has(this.#turn)) return undefined;
    return { state: "handler", name: turn.handler, event };
  }

  #show(next: Showing | undefined, time: number): void {
    const now = this.#showing;
    if (now?.state === next?.state && now?.name === next?.name && now?.event === next?.event) {
      return;
    }
    if (now !== undefined && time > this.#since) {
      this.#state.add(now.state, this.#since, time, now.name, now.event);
    }
    this.#showing = next;
    this.#since = time;
  }

  #seeUnder(kind: EventKind, time: number, turn: number, a: number, b: number, d: number): void {
    switch (kind) {
      case "lockAcquired": {
        const event = this.#running.get(turn)?.event ?? -1;
        this.#held.set(`${a} ${d}`, { time, event });
        break;
      }
      case "lockReleased": {
        const key = `${a} ${d}`;
        const hold = this.#held.get(key);
        this.#held.delete(key);
        if (hold !== undefined) this.#under.add("lockHeld", hold.time, time, a, hold.event);
        break;
      }
      case "garbageCollected":
        this.#under.add("garbageCollection", Math.max(0, time - a * 1000), time, 0, -1);
        break;
      case "spanStarted":
        this.#spans.set(`${turn} ${b}`, { time, name: a });
        break;
      case "spanEnded": {
        const span = this.#spans.get(`${turn} ${b}`);
        this.#spans.delete(`${turn} ${b}`);
        if (span !== undefined) this.#under.add("span", span.time, time, a, -1);
        break;
      }
      default:
        break;
    }
  }
}
