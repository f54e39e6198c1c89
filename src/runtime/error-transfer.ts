// A handler's error on its way to whoever submitted the event: name, message, stack and cause cross as plain data and come
// out as an Error again. The stack stays the one of the thread where it was thrown.

import { serialize } from "node:v8";
import type { Encoded } from "./payload-codec.ts";

export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code?: string;
  readonly cause?: PlainError;
}

const deepestCause = 8;

export function toPlainError(thrown: unknown, depth = 0): PlainError {
  if (!(thrown instanceof Error)) {
    return { name: "Error", message: `the handler threw ${describe(thrown)}`, stack: "" };
  }
  const code: unknown = "code" in thrown ? thrown.code : undefined;
  const hasCause = thrown.cause !== undefined && depth < deepestCause;
  return {
    name: thrown.name,
    message: thrown.message,
    stack: thrown.stack ?? "",
    ...(typeof code === "string" ? { code } : {}),
    ...(hasCause ? { cause: toPlainError(thrown.cause, depth + 1) } : {}),
  };
}

export function toError(plain: PlainError): Error {
  const error = new Error(plain.message);
  if (plain.cause !== undefined) error.cause = toError(plain.cause);
  error.name = plain.name;
  if (plain.stack !== "") error.stack = plain.stack;
  if (plain.code !== undefined) Object.assign(error, { code: plain.code });
  return error;
}

export function encodeError(plain: PlainError): Encoded {
  return { codec: "error", body: serialize(plain) };
}

function describe(thrown: unknown): string {
  try {
    return typeof thrown === "string" ? JSON.stringify(thrown) : String(thrown);
  } catch {
    return `a value of type ${typeof thrown}`;
  }
}
