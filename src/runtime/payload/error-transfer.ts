// An error on its way to whoever submitted the event: it crosses as plain data and comes out as an error of the same built-in
// class, with its name, message, stack, cause and own fields. The stack stays the one of the thread where it was thrown.
// What a handler threw becomes plain data in read-error.ts.

import type { Encoded } from "./payload-codec.ts";
import { fromCloneBytes, toCloneBytes } from "./structured-clone.ts";

/** The built-in classes that an error may be of, beside Error. */
export const errorClasses = {
  AggregateError,
  DOMException,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
} as const;
export type ErrorClass = keyof typeof errorClasses;

export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly class?: ErrorClass;
  readonly code?: string;
  readonly cause?: PlainThrown;
  /** Of an AggregateError. */
  readonly errors?: readonly PlainThrown[];
  /** Other own fields, as structured clone's bytes of an object. */
  readonly fields?: Uint8Array;
}

/** Anything may be a cause: what is no error crosses as structured clone's bytes. */
export type PlainThrown = { readonly error: PlainError } | { readonly value: Uint8Array };

export function toError(plain: PlainError): Error {
  const error = newError(plain);
  const { name, message, stack, cause, code, fields } = plain;
  if (error.name !== name) hide(error, "name", name);
  // Else it would name the place where it was made anew.
  hide(error, "stack", stack === "" ? `${name}: ${message}` : stack);
  if (cause !== undefined) hide(error, "cause", thrownOf(cause));
  if (code !== undefined) show(error, "code", code);
  if (fields !== undefined) {
    for (const [key, value] of Object.entries(fromCloneBytes(fields) as object)) {
      show(error, key, value);
    }
  }
  return error;
}

export function encodeError(plain: PlainError): Encoded {
  return { codec: "error", body: toCloneBytes(plain) };
}

function newError(plain: PlainError): Error {
  const { name, message } = plain;
  switch (plain.class) {
    case undefined:
      return new Error(message);
    case "AggregateError":
      return new AggregateError((plain.errors ?? []).map(thrownOf), message);
    case "DOMException":
      return new DOMException(message, name);
    default:
      return new errorClasses[plain.class](message);
  }
}

function thrownOf(plain: PlainThrown): unknown {
  return "error" in plain ? toError(plain.error) : fromCloneBytes(plain.value);
}

/** As an error's own properties are. */
function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, {
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

/** Defined, as an assignment to some names would do something else. */
function show(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, {
    value,
    writable: true,
    configurable: true,
    enumerable: true,
  });
}
