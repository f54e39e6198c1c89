// What a handler gave, as its event's ending: what it returned or threw, looked at with care, in bytes that its submitter can be
// given. Nothing of it throws here, and what nobody can be given (a function, a view of shared memory) is the handler's failure.
// Called by the turn runner; settle-turn.ts publishes it.

import { codes } from "../../recorder/codes.ts";
import type { Recorder } from "../../recorder/recorder.ts";
import type { Outcome } from "../../trace/outcome.ts";
import { abortCauseOf } from "./abort-cause.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { cut } from "../payload/describe-value.ts";
import { encodeError, type PlainError } from "../payload/error-transfer.ts";
import { encodeValue, type Encoded } from "../payload/payload-codec.ts";
import { toPlainError } from "../payload/read-error.ts";
import { payloadMoment, recordEncoded } from "../payload/record-payload.ts";
import type { Turn } from "./turn.ts";

/** Of a failure's text in a trace. */
const longestRecorded = 1000;

export interface Ending {
  readonly outcome: Outcome;
  readonly value: Encoded;
  /** Where `value` is one. */
  readonly error: PlainError | undefined;
}

export interface EndingSetup {
  readonly memory: PoolMemory;
  readonly recorder: Recorder;
  readonly services: { internString(text: string): number };
  readonly handlers: readonly string[];
}

export function returned(setup: EndingSetup, turn: Turn, value: unknown): Ending {
  const { recorder, memory } = setup;
  const start = payloadMoment(recorder, value);
  let encoded: Encoded;
  try {
    encoded = encodeValue(value, memory.flat, "result");
  } catch (error) {
    return threw(setup, turn, error);
  }
  const nanos = Number(payloadMoment(recorder, value) - start);
  recordEncoded(recorder, turn.number, turn.event, encoded, nanos);
  return { outcome: "completed", value: encoded, error: undefined };
}

export function threw(setup: EndingSetup, turn: Turn, thrown: unknown): Ending {
  const error = toPlainError(thrown);
  recordFailed(setup, turn, error);
  const isOverdue = abortCauseOf(setup.memory, turn.slot) === "deadline";
  const type = setup.handlers[turn.handler] ?? "";
  return endedBy("failed", isOverdue ? overdueError(type, error) : error);
}

/** Without a result. */
export function endedBy(outcome: Exclude<Outcome, "completed">, error: PlainError): Ending {
  return { outcome, value: encodeError(error), error };
}

export function recordFailed(
  { recorder, services }: EndingSetup,
  turn: Turn,
  { name, message }: PlainError,
): void {
  if (!recorder.scheduling) return;
  const text = services.internString(cut(`${name}: ${message}`, longestRecorded));
  recorder.record(codes.handlerFailed, turn.number, 0, turn.event, turn.handler, text, 0);
}

function overdueError(type: string, cause: PlainError): PlainError {
  const message = `${type} was told at its deadline to end, and did: ${cause.message}`;
  return { name: "DeadlineError", message, stack: cause.stack, cause: { error: cause } };
}
