// The errors of events whose thread was ended, since a handler did not settle in time after its deadline or after its event was
// cancelled. The thread can't be asked where it is, so the stack names the one place that is known: where the handler begins.

import { resolve } from "node:path";
import type { PlainError } from "../payload/error-transfer.ts";
import type { PreparedModule } from "../loader/prepared-module.ts";

export function deadlineError(
  prepared: PreparedModule,
  handler: string,
  deadlineMillis: number,
  seat: number,
): PlainError {
  const message = `${handler} did not settle within ${deadlineMillis} ms; thread ${seat} was ended`;
  return errorAt(prepared, handler, "DeadlineError", message);
}

/** Of the other events that the thread had in hand: whose cancel it was that ended it. */
export function cancelError(
  prepared: PreparedModule,
  handler: string,
  event: number,
  graceMillis: number,
  seat: number,
): PlainError {
  const message =
    `thread ${seat} was ended: event ${event} ("${handler}") was cancelled, ` +
    `and its handler did not settle within ${graceMillis} ms of it`;
  return errorAt(prepared, handler, "ThreadDiedError", message);
}

function errorAt(
  prepared: PreparedModule,
  handler: string,
  name: string,
  message: string,
): PlainError {
  const place = placeOf(prepared, handler);
  const stack = place === undefined ? "" : `${name}: ${message}\n    at ${handler} (${place})`;
  return { name, message, stack };
}

function placeOf(
  { handlerSites, sites, root }: PreparedModule,
  handler: string,
): string | undefined {
  // A default export is a handler by its file's name.
  const site = sites[handlerSites[handler] ?? handlerSites["default"] ?? 0];
  if (site === undefined || site.line === 0) return undefined;
  return `${resolve(root, site.file)}:${site.line}:${site.column}`;
}
