// The end of a turn: its event's one outcome, told to the pool's owner, recorded, stored, published. Called by the turn runner.
//
// The slot word decides what the outcome is: its caller may cancel the event at the same time, and the supervisor may have taken the
// event over from a thread that it gave up. The order matters when the thread dies in between: see markRecorded.

import { codes } from "../../recorder/codes.ts";
import { outcomeCode } from "../../trace/outcome.ts";
import type { Gate } from "../overload/gate.ts";
import type { PlainError } from "../payload/error-transfer.ts";
import { cancelledWord } from "./abort-cause.ts";
import { markRecorded, publishSettled, storeResult, takeToSettle } from "./settle-slot.ts";
import type { Turn } from "./turn.ts";
import { endedBy, recordFailed, type Ending, type EndingSetup } from "./turn-ending.ts";

/** Its caller has been told the signal's own reason. */
const aborted = endedBy("cancelled", {
  ...{ name: "AbortError", message: "The event was cancelled.", stack: "" },
});

export interface TurnEnd extends EndingSetup {
  readonly services: EndingSetup["services"] & { readonly thread: number };
  readonly handlers: readonly string[];
  readonly gate: Gate;
  failed(event: number, type: string, error: PlainError): void;
}

/**
 * Failure is told to the owner where it is the outcome. False when the event was taken over: it has its outcome already. Else the
 * caller rings the submitter's doorbell, soon.
 */
export function settleTurn(end: TurnEnd, turn: Turn, ending: Ending): boolean {
  const { memory, services } = end;
  const { slot, word } = turn;
  const settling = takeToSettle(memory, slot, word, services.thread);
  if (settling !== undefined) return publish(end, turn, settling, ending);
  const cancelled = takeToSettle(memory, slot, cancelledWord(word), services.thread);
  if (cancelled === undefined) return false;
  return publish(end, turn, cancelled, aborted);
}

function publish(end: TurnEnd, turn: Turn, settling: number, ending: Ending): boolean {
  const { memory, recorder, services, handlers, gate, failed } = end;
  const { slot, event, handler } = turn;
  const lacking = storeResult(memory, slot, ending.value, ending.error);
  const outcome = lacking === undefined ? ending.outcome : "failed";
  // A result that there is no room for is the handler's failure, as one that can't be sent.
  if (lacking !== undefined && ending.error === undefined) recordFailed(end, turn, lacking);
  const ran = outcome === "completed" || outcome === "failed";
  if (ran && !turn.degraded) gate.ended(handler, outcome === "completed");
  const error = ending.error ?? lacking;
  if (error !== undefined && outcome === "failed") failed(event, handlers[handler] ?? "", error);
  if (recorder.scheduling) {
    recorder.record(codes.settled, turn.number, outcomeCode[outcome], event, handler, 0, 0);
  }
  markRecorded(memory, slot, outcome, services.thread);
  return publishSettled(memory, slot, settling, outcome);
}
