// Checks what a person submits or yields as an event, before anything is accepted.

import type { EventRequest } from "../handler.ts";
import { describeValue } from "../payload/describe-value.ts";
import { longestDeadlineMillis, noDeadlineMillis } from "../queue/queue-discipline.ts";
import { priorities } from "../memory/memory-fields.ts";

export interface CheckedRequest {
  readonly handler: number;
  /** As in slotField.object. */
  readonly object: number;
  readonly priority: number;
  readonly deadlineMillis: number;
  readonly value: unknown;
}

/** Throws a TypeError or RangeError that says what was given and what is allowed. */
export function checkRequest(request: EventRequest, handlers: readonly string[]): CheckedRequest {
  if (typeof request !== "object" || request === null) {
    throw new TypeError(`An event is { type, payload, priority }, not ${describeValue(request)}.`);
  }
  const handler = handlerOf(request.type, handlers);
  return {
    handler,
    object: objectOf(request.key, handler),
    priority: priorityOf(request.priority ?? 0),
    deadlineMillis: deadlineOf(request.deadline),
    // Asked for once: it may be a getter's.
    value: request.payload,
  };
}

function objectOf(key: unknown, handler: number): number {
  if (key === undefined) return handler;
  if (typeof key === "string" || typeof key === "number") return hashOfKey(String(key)) | (1 << 31);
  throw new TypeError(`An event's key is a text or a number, not ${typeof key}.`);
}

/** FNV-1a over UTF-16 units. */
function hashOfKey(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return hash;
}

function handlerOf(type: unknown, handlers: readonly string[]): number {
  if (type === undefined && handlers.length === 1) return 0;
  const index = typeof type === "string" ? handlers.indexOf(type) : -1;
  if (index !== -1) return index;
  const given = type === undefined ? "an event without a type" : describeValue(type);
  throw new TypeError(`No handler for ${given}; the module handles ${handlers.join(", ")}.`);
}

function deadlineOf(deadline: unknown): number {
  if (deadline === undefined) return noDeadlineMillis;
  if (typeof deadline === "number" && deadline > 0 && deadline <= longestDeadlineMillis) {
    return deadline;
  }
  throw new RangeError(
    `Deadline ${describeValue(deadline)} is not allowed; give milliseconds above 0, ${longestDeadlineMillis} at most.`,
  );
}

function priorityOf(priority: unknown): number {
  if (typeof priority === "number" && Number.isInteger(priority)) {
    if (priority >= 0 && priority < priorities) return priority;
  }
  throw new RangeError(
    `Priority ${describeValue(priority)} is not allowed; give 0 to ${priorities - 1}.`,
  );
}
