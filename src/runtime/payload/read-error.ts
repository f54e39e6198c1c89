// What was thrown, as plain data that any thread can be given. Total: whatever it is (a revoked proxy, an error whose message
// throws, a chain of causes that leads back to itself), it comes out as a bounded PlainError, and nothing is thrown here. What
// can't be read or cloned is left out.

import { types } from "node:util";
import { checkSendable } from "./check-sendable.ts";
import {
  cut,
  describeValue,
  isError,
  isOf,
  leaveUnheard,
  longestName,
  messageOf,
  nameOf,
  read,
} from "./describe-value.ts";
import {
  errorClasses,
  type ErrorClass,
  type PlainError,
  type PlainThrown,
} from "./error-transfer.ts";
import { toCloneBytes } from "./structured-clone.ts";

const longestStack = 50_000;
/** Of one error's fields, in structured clone's bytes. */
const mostFieldBytes = 64 * 1024;
/** Errors below one that was thrown: causes, and those that it stands for. */
const mostErrors = 100;

/** A stack line in the file that calls the handlers, as compiled, bundled or mapped back. */
const handlersCaller = /[\\/](?:runtime[\\/]thread[\\/]turn-runner\.[jt]s|pool-thread\.js)[:)]/;

/** These cross each in its own way. */
const ownKeys = new Set(["name", "message", "stack", "cause"]);

export function toPlainError(thrown: unknown): PlainError {
  return isError(thrown) ? errorOf(thrown, { above: [], left: mostErrors }) : wrapped(thrown);
}

/** One walk down from what was thrown. */
interface Walk {
  /** The errors that this one lies in. */
  readonly above: unknown[];
  left: number;
}

function errorOf(error: object, walk: Walk): PlainError {
  walk.left--;
  walk.above.push(error);
  const name = nameOf(error);
  const errorClass = classOf(error, name);
  const code = read(error, "code");
  const cause = thrownOf(read(error, "cause"), walk);
  const fields = fieldsOf(error, errorClass === "AggregateError");
  const plain: PlainError = {
    name,
    message: messageOf(error),
    stack: stackOf(error),
    ...(errorClass === undefined ? {} : { class: errorClass }),
    ...(typeof code === "string" ? { code: cut(code, longestName) } : {}),
    ...(cause === undefined ? {} : { cause }),
    ...(errorClass === "AggregateError" ? { errors: errorsOf(error, walk) } : {}),
    ...(fields === undefined ? {} : { fields }),
  };
  walk.above.pop();
  return plain;
}

/** What is no error is told as one; where it can be cloned it is that one's cause. */
function wrapped(thrown: unknown): PlainError {
  if (types.isPromise(thrown)) leaveUnheard(thrown);
  const message = `the handler threw ${describeValue(thrown)}`;
  const value = bytesOf(thrown);
  return {
    name: "Error",
    message,
    stack: "",
    ...(value === undefined ? {} : { cause: { value } }),
  };
}

function thrownOf(thrown: unknown, walk: Walk): PlainThrown | undefined {
  if (isError(thrown)) {
    if (walk.left <= 0 || walk.above.includes(thrown)) return undefined;
    return { error: errorOf(thrown, walk) };
  }
  const value = bytesOf(thrown);
  return value === undefined ? undefined : { value };
}

/** In their order; what can't cross is told in its place, as the others' places count. */
function errorsOf(error: object, walk: Walk): readonly PlainThrown[] {
  const errors = read(error, "errors");
  if (!isArray(errors)) return [];
  const length = Math.min(errors.length, mostErrors);
  const at = (index: number): PlainThrown => {
    const thrown = read(errors, index);
    return thrownOf(thrown, walk) ?? { error: wrapped(thrown) };
  };
  return Array.from({ length }, (_, index) => at(index));
}

/** The person's part: what lies below the call of their handler is the same each time, and ours. */
function stackOf(error: object): string {
  const stack = read(error, "stack");
  if (typeof stack !== "string") return "";
  const lines = cut(stack, longestStack).split("\n");
  const first = lines.findIndex((line) => handlersCaller.test(line));
  return (first === -1 ? lines : lines.slice(0, first)).join("\n");
}

function classOf(error: object, name: string): ErrorClass | undefined {
  const names = Object.keys(errorClasses) as ErrorClass[];
  // By its name where it is of another realm's class.
  return (
    names.find((each) => isOf(error, errorClasses[each])) ?? names.find((each) => each === name)
  );
}

function fieldsOf(error: object, isAggregate: boolean): Uint8Array | undefined {
  const fields: Record<string, unknown> = {};
  let left = mostFieldBytes;
  for (const key of keysOf(error)) {
    const value = read(error, key);
    const isSaid = ownKeys.has(key) || (key === "code" && typeof value === "string");
    if (isSaid || (key === "errors" && isAggregate)) continue;
    const bytes = bytesOf(value)?.length;
    if (bytes === undefined || bytes > left) continue;
    left -= bytes;
    Object.defineProperty(fields, key, { value, enumerable: true });
  }
  return left === mostFieldBytes ? undefined : bytesOf(fields);
}

/** Undefined for nothing, and for what can't be cloned. */
function bytesOf(value: unknown): Uint8Array | undefined {
  if (value === undefined || value === null) return undefined;
  try {
    if (checkSendable(value, "payload").holdsErrorInItself) return undefined;
    return toCloneBytes(value);
  } catch {
    return undefined;
  }
}

function keysOf(error: object): readonly string[] {
  try {
    return Object.keys(error);
  } catch {
    return [];
  }
}

function isArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}
