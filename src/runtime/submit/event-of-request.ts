// What a person submits, checked and encoded: from here on nothing of the person's is asked again. Called by the submitter before
// anything is accepted.

import type { EventRequest } from "../handler.ts";
import { encodeValue } from "../payload/payload-codec.ts";
import { payloadMoment } from "../payload/record-payload.ts";
import type { AcceptedEvent, Told } from "./accepted-event.ts";
import { checkRequest } from "./event-request.ts";
import type { SubmitterSetup } from "./submitter-setup.ts";

/** Throws what is wrong with the request, or why its payload can't be sent. */
export function eventOf(
  { memory, handlers, nowMicros, recorder }: SubmitterSetup,
  request: EventRequest,
  { resolve, reject, refuse }: Told,
): AcceptedEvent {
  const { handler, object, priority, deadlineMillis, value } = checkRequest(request, handlers);
  const submittedMicros = nowMicros();
  const dueMicros = (submittedMicros + deadlineMillis * 1000) | 0;
  const start = payloadMoment(recorder, value);
  const payload = encodeValue(value, memory.flat);
  const encodeNanos = Number(payloadMoment(recorder, value) - start);
  return {
    handler,
    object,
    priority,
    dueMicros,
    submittedMicros,
    payload,
    encodeNanos,
    resolve,
    reject,
    refuse,
    place: "nowhere",
    unhearAbort: undefined,
  };
}
