// Checks what a person submits or yields as an event, before anything is accepted.

import type { EventRequest } from "./handler.ts";
import { priorities } from "./pool-memory.ts";

export interface CheckedRequest {
  readonly handler: number;
  readonly priority: number;
}

/** Throws a TypeError or RangeError that says what was given and what is allowed. */
export function checkRequest(request: EventRequest, handlers: readonly string[]): CheckedRequest {
  if (typeof request !== "object" || request === null) {
    throw new TypeError(`An event is { type, payload, priority }, not ${String(request)}.`);
  }
  return { handler: handlerOf(request, handlers), priority: priorityOf(request) };
}

function handlerOf(request: EventRequest, handlers: readonly string[]): number {
  if (request.type === undefined && handlers.length === 1) return 0;
  const index = handlers.indexOf(request.type ?? "");
  if (index !== -1) return index;
  const given = request.type === undefined ? "an event without a type" : `"${request.type}"`;
  throw new TypeError(`No handler for ${given}; the module handles ${handlers.join(", ")}.`);
}

function priorityOf(request: EventRequest): number {
  const priority = request.priority ?? 0;
  if (Number.isInteger(priority) && priority >= 0 && priority < priorities) return priority;
  throw new RangeError(`Priority ${priority} is not allowed; give 0 to ${priorities - 1}.`);
}
