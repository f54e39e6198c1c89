// Which part of a thread's time each moment belongs to, by the events that change it: its role, and what happens in it.

import { roles, type Role } from "../trace/role.ts";
import { startsWait, waitEnds } from "../trace/wait-kinds.ts";
import type { SeenEvent } from "./scan.ts";

type Part =
  | "leading"
  | "following"
  | "handler"
  | "lockWait"
  | "blockingCall"
  | "awaiting"
  | "runtime"
  | "outside";

export type Parts = Record<Part, number>;

/** Adds the time since the last change to the part that the thread was in. Events come in the order of their times. */
export class PartClock {
  readonly #parts: Parts = {
    leading: 0,
    following: 0,
    handler: 0,
    lockWait: 0,
    blockingCall: 0,
    awaiting: 0,
    runtime: 0,
    outside: 0,
  };
  #since: number | undefined;
  #role: Role = "outside";
  /**
   * Turns; which are several where handlers are asynchronous. `waiting` for a lock, a condition or a barrier. A handler may end
   * and then fail, by what it returned.
   */
  readonly #running = new Set<number>();
  readonly #suspended = new Set<number>();
  readonly #waiting = new Set<number>();
  /** Turns that wait and are not suspended: they keep their thread from other turns. */
  readonly #blocked = new Set<number>();
  #blocking = 0;

  see(event: SeenEvent): void {
    if (!changesPart(event)) return;
    this.#advance(event.time);
    if (startsWait(event.kind)) this.#waiting.add(event.turn);
    if (waitEnds.has(event.kind)) this.#waiting.delete(event.turn);
    this.#change(event);
    if (this.#waiting.has(event.turn) && !this.#suspended.has(event.turn)) {
      this.#blocked.add(event.turn);
    } else this.#blocked.delete(event.turn);
  }

  #change(event: SeenEvent): void {
    switch (event.kind) {
      case "roleChanged":
        this.#role = roles[event.small] ?? "outside";
        break;
      case "handlerStarted":
        this.#running.add(event.turn);
        break;
      case "handlerEnded":
      case "handlerFailed":
        this.#running.delete(event.turn);
        this.#suspended.delete(event.turn);
        break;
      case "handlerSuspended":
        this.#suspended.add(event.turn);
        break;
      case "handlerResumed":
        this.#suspended.delete(event.turn);
        break;
      case "blockingCallStarted":
        this.#blocking++;
        break;
      case "blockingCallEnded":
        this.#blocking = Math.max(0, this.#blocking - 1);
        break;
      case "threadStarted":
        // In a dead thread's seat: what that one was in ended with it.
        this.#reset();
        break;
      case "threadStopped":
        this.#reset();
        this.#since = undefined;
        break;
      default:
        break;
    }
  }

  /** The thread has died: until another has its seat there is none. */
  gone(time: number): void {
    this.#advance(time);
    this.#reset();
    this.#since = undefined;
  }

  /** Time in handlers and in the pool's own code up to a moment that is not before the last change. */
  workingUntil(time: number): number {
    if (this.#since !== undefined) this.#advance(time);
    return this.#parts.handler + this.#parts.runtime;
  }

  #reset(): void {
    this.#role = "outside";
    this.#running.clear();
    this.#suspended.clear();
    this.#waiting.clear();
    this.#blocked.clear();
    this.#blocking = 0;
  }

  end(time: number): Parts {
    if (this.#role !== "outside") this.#advance(time);
    return this.#parts;
  }

  #advance(time: number): void {
    if (this.#since !== undefined) {
      this.#parts[this.#part()] += Math.max(0, time - this.#since);
    }
    this.#since = Math.max(time, this.#since ?? time);
  }

  #part(): Part {
    if (this.#blocked.size > 0) return "lockWait";
    if (this.#blocking > 0) return "blockingCall";
    // A turn that went on after an await runs whatever role its thread has taken since.
    if (this.#running.size > this.#suspended.size) return "handler";
    if (this.#role === "leader") return "leading";
    if (this.#role === "follower") return "following";
    // All turns are suspended; what one of them awaits is a lock, a condition or a barrier.
    if (this.#waiting.size > 0) return "lockWait";
    if (this.#suspended.size > 0) return "awaiting";
    // Between its role's change and the handler's start, and from the handler's end until it joins again.
    return this.#role === "processing" ? "runtime" : "outside";
  }
}

const changing = new Set<SeenEvent["kind"]>([
  "threadStarted",
  "threadStopped",
  "roleChanged",
  "handlerStarted",
  "handlerEnded",
  "handlerFailed",
  "handlerSuspended",
  "handlerResumed",
  "blockingCallStarted",
  "blockingCallEnded",
]);

function changesPart({ kind }: SeenEvent): boolean {
  return changing.has(kind) || startsWait(kind) || waitEnds.has(kind);
}
