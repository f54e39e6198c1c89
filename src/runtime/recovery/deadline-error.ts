// The error of an event whose handler did not settle in time. Its thread can't be asked where it is, so the stack names the
// one place that is known: where the handler begins.

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
  const place = placeOf(prepared, handler);
  const stack =
    place === undefined ? "" : `DeadlineError: ${message}\n    at ${handler} (${place})`;
  return { name: "DeadlineError", message, stack };
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
