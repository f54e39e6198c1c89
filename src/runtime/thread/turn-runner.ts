// Runs one claimed event in its handler and gives it its one outcome. A handler that throws fails its own event and
// nothing else.

import { codes } from "../../recorder/codes.ts";
import type { Recorder } from "../../recorder/recorder.ts";
import type { StateRow } from "../../recorder/state-row.ts";
import { abortCauseOf } from "./abort-cause.ts";
import { announceUnrung, mayStayUnrung, ringDoorbell } from "../memory/completion-list.ts";
import type { PlainError } from "../payload/error-transfer.ts";
import { TurnContext, type ContextServices } from "./handler-context.ts";
import type { Guard, Handler } from "../handler.ts";
import type { HandlerModule } from "./handler-module.ts";
import { loadPayload } from "../payload/payload-store.ts";
import { recordDecoded } from "../payload/record-payload.ts";
import { slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { RunningTurn } from "./running-turn.ts";
import { claimedBy } from "../memory/slot.ts";
import { settleTurn } from "./settle-turn.ts";
import type { Gate } from "../overload/gate.ts";
import type { Turn } from "./turn.ts";
import { endedBy, returned, threw, type Ending } from "./turn-ending.ts";
import { followTurns } from "../watch/turn-continuations.ts";
import type { TellUnseen } from "../watch/unseen.ts";

/** Events that are settled so soon after each other are short ones in a row. */
const inARowMicros = 200;

export interface TurnRunnerSetup {
  readonly memory: PoolMemory;
  readonly recorder: Recorder;
  readonly stateRow: StateRow;
  readonly services: ContextServices;
  readonly running: RunningTurn;
  readonly module: HandlerModule;
  readonly handlers: readonly string[];
  readonly gate: Gate;
  /** Guards that the turn still holds: reported, then released. */
  releaseLeftovers(turn: number): void;
  /** Takes the lock that the turn holds while its handler runs, in a model that has one. */
  readonly monitor: ((type: string, object: number) => Guard) | undefined;
  failed(event: number, type: string, error: PlainError): void;
  readonly tellUnseen: TellUnseen;
}

export class TurnRunner {
  readonly #setup: TurnRunnerSetup;
  readonly #functions: readonly (Handler | undefined)[];
  readonly #degraded: readonly (Handler | undefined)[];
  readonly #running: RunningTurn;
  /** Submitters with a completion whose doorbell has not rung yet. */
  readonly #unrung: number[] = [];
  #settledMicros = 0;
  #turns = 0;
  /** Awaits are recorded, see followTurns. */
  #follows = false;

  constructor(setup: TurnRunnerSetup) {
    this.#setup = setup;
    this.#running = setup.running;
    this.#functions = setup.handlers.map((name) => setup.module.handlers.get(name));
    this.#degraded = setup.handlers.map((name) => setup.module.degraded.get(name));
    // Before the first of them runs; one that only returns a promise is found out when it does.
    if ([...this.#functions, ...this.#degraded].some(isAsync)) this.#follow();
  }

  /** Turns that have begun and not settled. */
  get live(): number {
    return this.#running.live.count;
  }

  /** Starts a turn; a promise when the handler did not finish at once. */
  start(slot: number): Promise<void> | undefined {
    const turn = this.#begin(slot);
    const degraded = this.#degraded[turn.handler];
    const verdict = this.#setup.gate.verdict(slot, turn.handler, degraded !== undefined);
    if (typeof verdict !== "string") {
      this.#settle(turn, endedBy("shed", verdict));
      return undefined;
    }
    turn.degraded = verdict === "degrade";
    const handler = turn.degraded ? degraded : this.#functions[turn.handler];
    try {
      if (handler === undefined)
        throw new Error(`Handler "${this.#setup.handlers[turn.handler] ?? ""}" was removed.`);
      const result = this.#running.run(turn, () => this.#call(handler, turn));
      if (isThenable(result)) return this.#leave(turn, result);
      this.#succeed(turn, result);
    } catch (error) {
      this.#fail(turn, error);
    }
    return undefined;
  }

  #call(handler: Handler, turn: Turn): unknown {
    const { recorder, services, module, memory } = this.#setup;
    const { slot, number } = turn;
    const payload = recordDecoded(recorder, memory, slot, number, loadPayload);
    const ctx = new TurnContext(services, turn);
    const type = this.#setup.handlers[turn.handler] ?? "";
    if (recorder.scheduling) {
      const attempt = memory.words[memory.slot(slot, slotField.attempt)] ?? 0;
      const variant = turn.degraded ? 1 : 0;
      recorder.record(codes.handlerStarted, number, attempt, turn.event, turn.handler, variant, 0);
    }
    turn.monitor = this.#setup.monitor?.(
      type,
      memory.words[memory.slot(slot, slotField.object)] ?? 0,
    );
    const event = { type, payload, priority: turn.priority, id: turn.event };
    // A piscina or tinypool worker file is given the payload itself.
    return handler(module.takesPayload ? (payload as typeof event) : event, ctx);
  }

  /**
   * As ringDoorbells, but of short events in a row not for each: woken so often, a submitter takes the time from the pool. It is
   * told so, and looks by itself (completion-list.ts), whatever this thread does then: its next event may take long.
   */
  ringWhenDue(nowMicros: number): void {
    const [submitter] = this.#unrung;
    if (submitter === undefined) return;
    const { memory } = this.#setup;
    const apart = (nowMicros - this.#settledMicros) | 0;
    this.#settledMicros = nowMicros;
    if (this.#unrung.length === 1 && apart < inARowMicros) {
      if (mayStayUnrung(memory, submitter, nowMicros)) return;
      announceUnrung(memory, submitter, nowMicros);
    }
    this.ringDoorbells();
  }

  /** Tells the submitters of what has settled since; called before the thread waits, or they would sleep on. */
  ringDoorbells(): void {
    const { memory } = this.#setup;
    // Popped one by one: setting an array's length costs more than a whole doorbell (measured).
    for (;;) {
      const submitter = this.#unrung.pop();
      if (submitter === undefined) return;
      ringDoorbell(memory, submitter);
    }
  }

  /** The event of a running turn was cancelled, or its deadline has passed; the slot's cancel word says which. */
  abort(slot: number): void {
    // The message may come when its event has settled, and another has its slot.
    if (abortCauseOf(this.#setup.memory, slot) === "none") return;
    const turn = this.#running.live.inSlot(slot);
    // Its listeners are code of the turn.
    if (turn !== undefined) this.#running.run(turn, () => turn.abort?.abort());
  }

  #begin(slot: number): Turn {
    const { memory, stateRow, services } = this.#setup;
    const { words } = memory;
    const turn: Turn = {
      number: ++this.#turns,
      slot,
      word: claimedBy(memory, slot, services.thread),
      event: words[memory.slot(slot, slotField.event)] ?? 0,
      handler: words[memory.slot(slot, slotField.handler)] ?? 0,
      priority: words[memory.slot(slot, slotField.priority)] ?? 0,
      abort: undefined,
      monitor: undefined,
      place: 0,
      settled: false,
      degraded: false,
    };
    this.#running.live.add(turn);
    this.#running.current = turn;
    stateRow.setTurn(turn.number, turn.event);
    return turn;
  }

  /** The handler goes on later. */
  #leave(turn: Turn, result: PromiseLike<unknown>): Promise<void> {
    this.#follow();
    this.#running.leftTurn();
    this.#record(codes.handlerSuspended, turn);
    const settled = this.#settleLater(turn, result);
    this.#running.current = undefined;
    return settled;
  }

  async #settleLater(turn: Turn, result: PromiseLike<unknown>): Promise<void> {
    try {
      const value = await result;
      this.#goOn(turn);
      this.#succeed(turn, value);
    } catch (error) {
      this.#goOn(turn);
      this.#fail(turn, error);
    }
  }

  #goOn(turn: Turn): void {
    if (this.#running.current === turn) return;
    this.#running.current = turn;
    this.#record(codes.handlerResumed, turn);
  }

  #follow(): void {
    if (this.#follows || !this.#setup.recorder.locks) return;
    this.#follows = true;
    const why = followTurns({
      running: () => this.#running.current,
      resume: (turn) => this.#goOn(turn),
      suspend: (turn) => {
        this.#running.current = undefined;
        this.#record(codes.handlerSuspended, turn);
      },
    });
    this.#setup.tellUnseen("turns between their awaits", "", why);
  }

  #succeed(turn: Turn, value: unknown): void {
    this.#record(codes.handlerEnded, turn);
    this.#settle(turn, returned(this.#setup, turn, value));
  }

  #fail(turn: Turn, error: unknown): void {
    this.#settle(turn, threw(this.#setup, turn, error));
  }

  #settle(turn: Turn, ending: Ending): void {
    const { memory, stateRow } = this.#setup;
    turn.monitor?.release();
    this.#setup.releaseLeftovers(turn.number);
    this.#running.live.remove(turn);
    if (settleTurn(this.#setup, turn, ending)) {
      const submitter = memory.submitterOf(turn.slot);
      if (this.#unrung.at(-1) !== submitter) this.#unrung.push(submitter);
    }
    turn.settled = true;
    this.#running.current = undefined;
    this.#running.settledTurn();
    stateRow.setTurn(0, 0);
  }

  #record(code: number, turn: Turn): void {
    const { recorder } = this.#setup;
    if (recorder.scheduling) {
      recorder.record(code, turn.number, 0, turn.event, turn.handler, 0, 0);
    }
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    "then" in value &&
    typeof value.then === "function"
  );
}

function isAsync(handler: Handler | undefined): boolean {
  return Object.prototype.toString.call(handler) === "[object AsyncFunction]";
}
