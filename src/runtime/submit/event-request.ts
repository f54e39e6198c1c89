// Checks what a person submits or yields as an event, before anything is accepted.

import type { EventRequest } from "../handler.ts";
import { longestDeadlineMillis, noDeadlineMillis } from "../queue/queue-discipline.ts";
import { priorities } from "../memory/memory-fields.ts";

export interface CheckedRequest {
  readonly handler: number;
  /** As in slotField.object. */
  readonly object: number;
  readonly priority: number;
  readonly deadlineMillis: number;
}

/** Throws a TypeError or RangeError that says what was given and what is allowed. */
export function checkRequest(request: EventRequest, handlers: readonly string[]): CheckedRequest {
  if (typeof request !== "object" || request === null) {
    throw new TypeError(`An event is { type, payload, priority }, not ${String(request)}.`);
  }
  const handler = handlerOf(request, handlers);
  return {
    handler,
    object: objectOf(request.key, handler),
    priority: priorityOf(request),
    deadlineMillis: deadlineOf(request.deadline),
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

function handlerOf(request: EventRequest, handlers: readonly string[]): number {
  if (request.type === undefined && handlers.length === 1) return 0;
  const index = handlers.indexOf(request.type ?? "");
  if (index !== -1) return index;
  const given = request.type === undefined ? "an event without a type" : `"${request.type}"`;
  throw new TypeError(`No handler for ${given}; the module handles ${handlers.join(", ")}.`);
}

function deadlineOf(deadline: unknown): number {
  if (deadline === undefined) return noDeadlineMillis;
  if (typeof deadline === "number" && deadline > 0 && deadline <= longestDeadlineMillis) {
    return deadline;
  }
  throw new RangeError(
    `Deadline ${JSON.stringify(deadline)} is not allowed; give milliseconds above 0, ${longestDeadlineMillis} at most.`,
  );
}

function priorityOf(request: EventRequest): number {
  const priority = request.priority ?? 0;
  if (Number.isInteger(priority) && priority >= 0 && priority < priorities) return priority;
  throw new RangeError(`Priority ${priority} is not allowed; give 0 to ${priorities - 1}.`);
}
