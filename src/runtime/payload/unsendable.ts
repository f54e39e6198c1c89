// What is told of a value that no other thread can be given: where in it the reason lies, what it is, what to do.

import { summaryOf } from "./describe-value.ts";

/** What a value is called in messages: the first word of a path such as "payload.items[3].done". */
export type Root = "payload" | "result";

export type Step = string | number | MapEntry;

/** A step into a Map or a Set, which has no names. */
export interface MapEntry {
  readonly of: "key" | "value" | "item";
  readonly index: number;
}

const longestPath = 12;

export function pathOf(root: Root, steps: readonly Step[]): string {
  const shown =
    steps.length <= longestPath
      ? steps.map(stepText)
      : [...steps.slice(0, 6).map(stepText), "…", ...steps.slice(-3).map(stepText)];
  return root + shown.join("");
}

function stepText(step: Step): string {
  if (typeof step === "number") return `[${step}]`;
  if (typeof step === "object") return `.<${step.of} ${step.index}>`;
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(step) ? `.${step}` : `[${quoted(step)}]`;
}

function quoted(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
}

/** `sentence` begins with the path and says why. */
export function unsendable(sentence: string, cause?: unknown): Error {
  const error = new Error(sentence, cause === undefined ? {} : { cause });
  return Object.assign(error, { name: "DataCloneError" });
}

/** For what a value's own code threw, or V8 has to say, while it was read. */
export function unreadable(path: string, thrown: unknown): Error {
  return unsendable(`${path} can't be sent to another thread: ${summaryOf(thrown)}`, thrown);
}
