// The end of a turn: its event's one outcome, told to the pool's owner, recorded, stored, published. Called by the turn runner.
//
// The slot word decides what the outcome is: its caller may cancel the event at the same time, and the supervisor may have taken the
// event over from a thread that it gave up. The order matters when the thread dies in between: see markRecorded.

import { codes } from "../../recorder/codes.ts";
import type { Recorder } from "../../recorder/recorder.ts";
import { outcomeCode, type Outcome } from "../../trace/outcome.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { Gate } from "../overload/gate.ts";
import { encodeError, type PlainError } from "../payload/error-transfer.ts";
import type { Encoded } from "../payload/payload-codec.ts";
import { cancelledWord } from "./abort-cause.ts";
import { markRecorded, publishSettled, storeResult, takeToSettle } from "./settle-slot.ts";
import type { Turn } from "./turn.ts";

/** Its caller has been told the signal's own reason. */
const aborted = encodeError({ name: "AbortError", message: "The event was cancelled.", stack: "" });

export interface TurnEnd {
  readonly memory: PoolMemory;
  readonly recorder: Recorder;
  readonly services: { readonly thread: number };
  readonly handlers: readonly string[];
  readonly gate: Gate;
  failed(event: number, type: string, error: PlainError): void;
}

/**
 * `error` is told to the owner where failure is the outcome. False when the event was taken over: it has its outcome already. Else the
 * caller rings the submitter's doorbell, soon.
 */
export function settleTurn(
  end: TurnEnd,
  turn: Turn,
  outcome: Outcome,
  value: Encoded,
  error: PlainError | undefined,
): boolean {
  const { memory, services } = end;
  const { slot, word } = turn;
  const settling = takeToSettle(memory, slot, word, services.thread);
  if (settling !== undefined) return publish(end, turn, settling, outcome, value, error);
  const cancelled = takeToSettle(memory, slot, cancelledWord(word), services.thread);
  if (cancelled === undefined) return false;
  return publish(end, turn, cancelled, "cancelled", aborted, undefined);
}

function publish(
  { memory, recorder, services, handlers, gate, failed }: TurnEnd,
  turn: Turn,
  settling: number,
  wanted: Outcome,
  value: Encoded,
  error: PlainError | undefined,
): boolean {
  const { slot, event, handler } = turn;
  const outcome = storeResult(memory, slot, value) ? wanted : "failed";
  const ran = outcome === "completed" || outcome === "failed";
  if (ran && !turn.degraded) gate.ended(handler, outcome === "completed");
  if (error !== undefined) failed(event, handlers[handler] ?? "", error);
  if (recorder.scheduling) {
    recorder.record(codes.settled, turn.number, outcomeCode[outcome], event, handler, 0, 0);
  }
  markRecorded(memory, slot, outcome, services.thread);
  return publishSettled(memory, slot, settling, outcome);
}
