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

/** A stack line in the file that calls the handlers, as compiled, bundled or mapped back. */
const handlersCaller = /[\\/](?:runtime[\\/]thread[\\/]turn-runner\.[jt]s|pool-thread\.js)[:)]/;

export function toPlainError(thrown: unknown, depth = 0): PlainError {
  if (!(thrown instanceof Error)) {
    return { name: "Error", message: `the handler threw ${describe(thrown)}`, stack: "" };
  }
  const code: unknown = "code" in thrown ? thrown.code : undefined;
  const hasCause = thrown.cause !== undefined && depth < deepestCause;
  return {
    name: thrown.name,
    message: thrown.message,
    stack: ownStack(thrown.stack ?? ""),
    ...(typeof code === "string" ? { code } : {}),
    ...(hasCause ? { cause: toPlainError(thrown.cause, depth + 1) } : {}),
  };
}

/** The person's part: what lies below the call of their handler is the same each time, and ours. */
function ownStack(stack: string): string {
  const lines = stack.split("\n");
  const first = lines.findIndex((line) => handlersCaller.test(line));
  return first === -1 ? stack : lines.slice(0, first).join("\n");
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
