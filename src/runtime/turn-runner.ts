// Runs one claimed event in its handler and gives it its one outcome. A handler that throws fails its own event and
// nothing else.

import { codes } from "../recorder/codes.ts";
import type { Recorder } from "../recorder/recorder.ts";
import type { StateRow } from "../recorder/state-row.ts";
import { outcomeCode, type Outcome } from "../trace/outcome.ts";
import { encodeError, toPlainError, type PlainError } from "./error-transfer.ts";
import { TurnContext, type ContextServices } from "./handler-context.ts";
import type { Handler, HandlerModule } from "./handler.ts";
import { encodeValue, type Encoded } from "./payload-codec.ts";
import { loadPayload } from "./payload-store.ts";
import { slotField, type PoolMemory } from "./pool-memory.ts";
import { loadSlot } from "./slot.ts";
import { settleSlot } from "./settle-slot.ts";
import type { Turn } from "./turn.ts";

export interface TurnRunnerSetup {
  readonly memory: PoolMemory;
  readonly recorder: Recorder;
  readonly stateRow: StateRow;
  readonly services: ContextServices;
  readonly module: HandlerModule;
  readonly handlers: readonly string[];
  /** Guards that the turn still holds: reported, then released. */
  releaseLeftovers(turn: number): void;
  failed(event: number, type: string, error: PlainError): void;
}

export class TurnRunner {
  readonly #setup: TurnRunnerSetup;
  readonly #functions: readonly (Handler | undefined)[];
  readonly #running = new Map<number, Turn>();
  #turns = 0;
  #current = 0;

  constructor(setup: TurnRunnerSetup) {
    this.#setup = setup;
    this.#functions = setup.handlers.map((name) => setup.module.handlers.get(name));
  }

  /** The turn that runs now, 0 between turns. */
  get current(): number {
    return this.#current;
  }

  /** Turns that have begun and not settled. */
  get live(): number {
    return this.#running.size;
  }

  /** Starts a turn; a promise when the handler did not finish at once. */
  start(slot: number): Promise<void> | undefined {
    const turn = this.#begin(slot);
    const { recorder, services, module, memory } = this.#setup;
    const handler = this.#functions[turn.handler];
    try {
      if (handler === undefined) throw new Error("The handler was removed.");
      const payload = loadPayload(memory, slot);
      const ctx = new TurnContext(services, turn);
      const type = this.#setup.handlers[turn.handler] ?? "";
      if (recorder.scheduling) {
        const attempt = memory.words[memory.slot(slot, slotField.attempt)] ?? 0;
        recorder.record(codes.handlerStarted, turn.number, attempt, turn.event, turn.handler, 0, 0);
      }
      const event = { type, payload, priority: turn.priority, id: turn.event };
      // A piscina or tinypool worker file is given the payload itself.
      const result = handler(module.takesPayload ? (payload as typeof event) : event, ctx);
      if (isThenable(result)) return this.#suspend(turn, result);
      this.#succeed(turn, result);
    } catch (error) {
      this.#fail(turn, error);
    }
    return undefined;
  }

  /** The event of a running turn was cancelled. */
  abort(slot: number): void {
    this.#running.get(slot)?.abort?.abort();
  }

  #begin(slot: number): Turn {
    const { memory, stateRow } = this.#setup;
    const { words } = memory;
    const turn: Turn = {
      number: ++this.#turns,
      slot,
      word: loadSlot(memory, slot),
      event: words[memory.slot(slot, slotField.event)] ?? 0,
      handler: words[memory.slot(slot, slotField.handler)] ?? 0,
      priority: words[memory.slot(slot, slotField.priority)] ?? 0,
      abort: undefined,
    };
    this.#running.set(slot, turn);
    this.#current = turn.number;
    stateRow.setTurn(turn.number, turn.event);
    return turn;
  }

  async #suspend(turn: Turn, result: PromiseLike<unknown>): Promise<void> {
    const { recorder } = this.#setup;
    this.#record(codes.handlerSuspended, turn);
    try {
      const value = await result;
      this.#current = turn.number;
      this.#record(codes.handlerResumed, turn);
      this.#succeed(turn, value);
    } catch (error) {
      this.#current = turn.number;
      if (recorder.scheduling) this.#record(codes.handlerResumed, turn);
      this.#fail(turn, error);
    }
  }

  #succeed(turn: Turn, value: unknown): void {
    this.#record(codes.handlerEnded, turn);
    let encoded: Encoded;
    try {
      encoded = encodeValue(value);
    } catch (error) {
      return this.#settleFailed(turn, error);
    }
    this.#settle(turn, "completed", encoded);
  }

  #fail(turn: Turn, error: unknown): void {
    const { recorder, services } = this.#setup;
    const plain = toPlainError(error);
    if (recorder.scheduling) {
      const text = services.internString(`${plain.name}: ${plain.message}`);
      recorder.record(codes.handlerFailed, turn.number, 0, turn.event, turn.handler, text, 0);
    }
    this.#settleFailed(turn, error);
  }

  #settleFailed(turn: Turn, error: unknown): void {
    const plain = toPlainError(error);
    const { memory } = this.#setup;
    const cancelled = (memory.words[memory.slot(turn.slot, slotField.cancel)] ?? 0) !== 0;
    if (!cancelled) {
      this.#setup.failed(turn.event, this.#setup.handlers[turn.handler] ?? "", plain);
    }
    this.#settle(turn, cancelled ? "cancelled" : "failed", encodeError(plain));
  }

  #settle(turn: Turn, outcome: Outcome, value: Encoded): void {
    const { memory, recorder, stateRow, services } = this.#setup;
    this.#setup.releaseLeftovers(turn.number);
    this.#running.delete(turn.slot);
    if (recorder.scheduling) {
      const code = outcomeCode[outcome];
      recorder.record(codes.settled, turn.number, code, turn.event, turn.handler, 0, 0);
    }
    try {
      settleSlot(memory, turn.slot, turn.word, outcome, value, services.thread);
    } catch (error) {
      // The result did not fit into the payload memory: the event fails with that sentence instead.
      const value = encodeError(toPlainError(error));
      settleSlot(memory, turn.slot, turn.word, "failed", value, services.thread);
    }
    this.#current = 0;
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
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}
