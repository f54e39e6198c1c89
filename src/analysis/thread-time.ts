// Where each pool thread's wall time went. The parts add up to the wall time exactly: time in a role is cut by what happened
// in it, and what no event explains is shown as unexplained.

import { roles, type Role } from "../trace/role.ts";
import type { ThreadEvents, Trace } from "../trace/trace.ts";
import type { ThreadTime } from "./report.ts";
import { forEachEvent, type SeenEvent } from "./scan.ts";
import { isPoolThread } from "./sites.ts";

type Part =
  | "leading"
  | "following"
  | "handler"
  | "lockWait"
  | "blockingCall"
  | "awaiting"
  | "unexplained";

type Parts = Record<Part, number>;

export function threadTimes(trace: Trace): ThreadTime[] {
  return trace.threads
    .filter((thread) => isPoolThread(trace, thread.thread))
    .map((thread) => timeOf(trace, thread));
}

function timeOf(trace: Trace, thread: ThreadEvents): ThreadTime {
  const clock = new PartClock();
  let garbageCollection = 0;
  let runQueue = 0;
  let events = 0;
  forEachEvent(thread, (event) => {
    clock.see(event);
    if (event.kind === "garbageCollected") garbageCollection += event.b * 1000;
    if (event.kind === "osSampled") runQueue += event.b * 1000;
    if (event.kind === "handlerStarted") events++;
  });
  const parts = clock.end(trace.endNanos);
  const wall = Object.values(parts).reduce((sum, part) => sum + part, 0);
  const name = trace.tables.threads.find((row) => row.index === thread.thread)?.name;
  const inHandler = Math.min(parts.handler, garbageCollection + runQueue);
  const collected = Math.min(garbageCollection, inHandler);
  return {
    thread: thread.thread,
    name: name ?? `thread ${thread.thread}`,
    wall,
    leading: parts.leading,
    following: parts.following,
    handler: parts.handler - inHandler,
    lockWait: parts.lockWait,
    blockingCall: parts.blockingCall,
    garbageCollection: collected,
    runQueue: inHandler - collected,
    awaiting: parts.awaiting,
    unexplained: parts.unexplained,
    events,
  };
}

/** Adds the time since the last change to the part that the thread was in. */
class PartClock {
  readonly #parts: Parts = {
    leading: 0,
    following: 0,
    handler: 0,
    lockWait: 0,
    blockingCall: 0,
    awaiting: 0,
    unexplained: 0,
  };
  #since: number | undefined;
  #role: Role = "outside";
  #running = 0;
  #suspended = 0;
  #waiting = 0;
  #blocking = 0;

  see(event: SeenEvent): void {
    if (!changesPart(event)) return;
    this.#advance(event.time);
    switch (event.kind) {
      case "roleChanged":
        this.#role = roles[event.small] ?? "outside";
        break;
      case "handlerStarted":
        this.#running++;
        break;
      case "handlerEnded":
      case "handlerFailed":
        this.#running = Math.max(0, this.#running - 1);
        break;
      case "handlerSuspended":
        this.#suspended++;
        break;
      case "handlerResumed":
        this.#suspended = Math.max(0, this.#suspended - 1);
        break;
      case "lockWaitStarted":
        this.#waiting++;
        break;
      case "lockWaitEnded":
        this.#waiting = Math.max(0, this.#waiting - 1);
        break;
      case "blockingCallStarted":
        this.#blocking++;
        break;
      case "blockingCallEnded":
        this.#blocking = Math.max(0, this.#blocking - 1);
        break;
      default:
        // threadStarted, threadStopped: the clock starts, or the role has changed before.
        break;
    }
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
    if (this.#waiting > 0) return "lockWait";
    if (this.#blocking > 0) return "blockingCall";
    if (this.#role === "leader") return "leading";
    if (this.#role === "follower") return "following";
    if (this.#running > this.#suspended) return "handler";
    if (this.#suspended > 0) return "awaiting";
    return "unexplained";
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
  "lockWaitStarted",
  "lockWaitEnded",
  "blockingCallStarted",
  "blockingCallEnded",
]);

function changesPart(event: SeenEvent): boolean {
  return changing.has(event.kind);
}
