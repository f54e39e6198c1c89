// Any value in a few words, for a message, and what may be asked of a thrown one. Total and bounded: the value may be a revoked
// proxy, or made to throw whatever is asked of it, and nothing is thrown here.

import { inspect, types } from "node:util";

const longest = 200;
const longestMessage = 20_000;
export const longestName = 200;

export function describeValue(value: unknown): string {
  if (typeof value === "function") return "a function";
  if (typeof value === "string") return JSON.stringify(cut(value, longest));
  try {
    return cut(inspect(value, inspectOptions), longest);
  } catch {
    return `a value of type ${typeof value}`;
  }
}

/** It shows what a proxy hides, and runs no getter. */
const inspectOptions = {
  depth: 1,
  customInspect: false,
  getters: false,
  showProxy: false,
  breakLength: Infinity,
  maxArrayLength: 10,
  maxStringLength: longest,
} as const;

/** The text's beginning, and how much is missing. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length)}… (${text.length - length} more characters)`;
}

/** Of what was thrown: name and message where it is an error. */
export function summaryOf(thrown: unknown): string {
  if (!isError(thrown)) return `${describeValue(thrown)} was thrown`;
  return `${nameOf(thrown)}: ${messageOf(thrown)}`;
}

export function isError(thrown: unknown): thrown is object {
  return types.isNativeError(thrown) || isOf(thrown, Error);
}

export function nameOf(error: object): string {
  const name = read(error, "name");
  return typeof name === "string" && name !== "" ? cut(name, longestName) : "Error";
}

export function messageOf(error: object): string {
  const message = read(error, "message");
  if (message === undefined) return "";
  return typeof message === "string" ? cut(message, longestMessage) : describeValue(message);
}

/** Undefined where the question throws. */
export function read(object: object, key: string | number): unknown {
  try {
    return Reflect.get(object, key);
  } catch {
    return undefined;
  }
}

export function isOf(value: unknown, type: abstract new (...given: never[]) => unknown): boolean {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

const then = Promise.prototype.then;
const ignore = (): void => undefined;

/** A promise that is told as a mistake itself: its rejection is part of that, and would end the thread. */
export function leaveUnheard(promise: Promise<unknown>): void {
  try {
    void then.call(promise, ignore, ignore);
  } catch {
    // Its constructor throws. Then so does everybody's look at it, and Node tells of it.
  }
}
