// Looks through a value before it is sent: whether JSON carries it exactly, and whether another thread can have it at all.
// Called by the codec. What would arrive as something else, or would end whoever reads it, is refused here with its path,
// so that it is the sender's mistake in every figure, and never the reader's.
//
// The value's getters run here and again when it is written; what they throw is told with their path too.

import { types } from "node:util";
import { leaveUnheard } from "./describe-value.ts";
import { pathOf, unreadable, unsendable, type Root, type Step } from "./unsendable.ts";

const forEachEntry = Map.prototype.forEach;
const forEachItem = Set.prototype.forEach;

export interface Sendable {
  readonly isExactInJson: boolean;
  /** An error lies in itself by its cause: not every V8 that writes it can read it. */
  readonly holdsErrorInItself: boolean;
}

/**
 * The main thread reads what threads with four times its stack have written: it comes to about 1,600 levels (measured, Node
 * 20 to 26, objects), and everybody may send what everybody can read.
 */
const deepest = 1000;

/** JSON is exact beyond, but structured clone is cheaper. */
const deepestInJson = 64;

/** So many are looked through faster one by one than by a hash. */
const fewObjects = 16;

/** What crosses as an empty object, or can't be read again, though V8 writes it. By Symbol.toStringTag: many are loaded lazily. */
const platformObjects = new Set([
  ...["URL", "URLSearchParams", "Headers", "Request", "Response", "FormData", "Blob", "File"],
  ...["AbortSignal", "AbortController", "EventTarget", "DOMException", "BroadcastChannel"],
  ...["MessagePort", "ReadableStream", "WritableStream", "TransformStream", "CryptoKey"],
  ...["WebAssembly.Module", "WebAssembly.Instance", "WebAssembly.Memory", "WebAssembly.Table"],
  ...["WebAssembly.Global", "Promise", "WeakMap", "WeakSet", "WeakRef", "Generator"],
]);

/** Throws the sentence that says what can't be sent, and where it is. */
export function checkSendable(value: unknown, root: Root): Sendable {
  return new Look(root).through(value);
}

/** One look through one value. */
class Look {
  readonly #root: Root;
  /** The keys on the way to what is looked at, `#depth` of them; longer where it has been deeper. */
  readonly #path: Step[] = [];
  #depth = 0;
  #isExactInJson = true;
  #holdsErrorInItself = false;
  readonly #few: object[] = [];
  #many: Set<object> | undefined;
  /** The errors that lie on the way. */
  readonly #errors: object[] = [];
  #refusal: Error | undefined;

  constructor(root: Root) {
    this.#root = root;
  }

  through(value: unknown): Sendable {
    try {
      this.#look(value);
    } catch (thrown) {
      throw this.#refusal ?? unreadable(this.#place, thrown);
    }
    return {
      isExactInJson: this.#isExactInJson,
      holdsErrorInItself: this.#holdsErrorInItself,
    };
  }

  get #place(): string {
    return pathOf(this.#root, this.#path.slice(0, this.#depth));
  }

  #refuse(why: string): never {
    throw (this.#refusal = unsendable(`${this.#place} ${why}`));
  }

  #look(value: unknown): void {
    switch (typeof value) {
      case "string":
      case "boolean":
        return;
      case "number":
        if (!Number.isFinite(value) || Object.is(value, -0)) this.#isExactInJson = false;
        return;
      case "object":
        if (value !== null) this.#lookInto(value);
        return;
      case "function":
      case "symbol":
        return this.#refuse(`is a ${typeof value}, which no other thread can be given.`);
      default:
        this.#isExactInJson = false;
    }
  }

  #lookInto(value: object): void {
    // Before anything else is asked of it: each question runs the proxy's code.
    if (types.isProxy(value)) {
      this.#refuse("is a Proxy, which no other thread can be given; send a copy: { ...it }.");
    }
    if (this.#isMetAgain(value)) return;
    if (this.#depth > deepestInJson) this.#isExactInJson = false;
    if (this.#depth > deepest) {
      this.#refuse(
        `lies deeper than ${deepest} levels, where it can't be read; send a list instead.`,
      );
    }
    if (Array.isArray(value)) return this.#lookIntoArray(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) return this.#lookIntoPlain(value);
    this.#isExactInJson = false;
    this.#lookIntoOther(value);
  }

  /** JSON would make two of it, or never come to its end. */
  #isMetAgain(value: object): boolean {
    const isMet = this.#many === undefined ? this.#few.includes(value) : this.#many.has(value);
    if (isMet) {
      this.#isExactInJson = false;
      if (this.#errors.includes(value)) this.#holdsErrorInItself = true;
    } else if (this.#many !== undefined) this.#many.add(value);
    else if (this.#few.push(value) > fewObjects) this.#many = new Set(this.#few);
    return isMet;
  }

  #lookIntoArray(values: readonly unknown[]): void {
    const { length } = values;
    let index = 0;
    for (; index < length; index++) {
      this.#path[this.#depth++] = index;
      const value = values[index];
      if (value === undefined && !Object.hasOwn(values, index)) {
        this.#depth--;
        break;
      }
      this.#look(value);
      this.#depth--;
    }
    const keys = Object.keys(values);
    if (keys.length === length && index === length && !("toJSON" in values)) return;
    // It has holes, or names beside its items. Their order: first the indices, up from the lowest.
    this.#isExactInJson = false;
    this.#lookAtKeys(values, keys.slice(index));
  }

  #lookIntoPlain(value: object): void {
    if ("toJSON" in value) this.#isExactInJson = false;
    // Cheaper than Object.keys.
    for (const key in value) {
      if (key === "__proto__" || !Object.hasOwn(value, key)) this.#isExactInJson = false;
      this.#path[this.#depth++] = key;
      this.#look((value as Readonly<Record<string, unknown>>)[key]);
      this.#depth--;
    }
  }

  #lookAtKeys(value: object, keys: readonly string[]): void {
    for (const key of keys) {
      this.#path[this.#depth++] = key;
      this.#look((value as Readonly<Record<string, unknown>>)[key]);
      this.#depth--;
    }
  }

  #lookIntoOther(value: object): void {
    if (types.isMap(value)) this.#lookIntoMap(value);
    else if (types.isSet(value)) this.#lookIntoSet(value);
    else if (types.isNativeError(value)) this.#lookIntoError(value);
    else if (ArrayBuffer.isView(value)) this.#lookAtMemory(value.buffer);
    else if (types.isAnyArrayBuffer(value)) this.#lookAtMemory(value);
    else if (!types.isDate(value) && !types.isRegExp(value) && !types.isBoxedPrimitive(value)) {
      const tag = tagOf(value);
      if (tag === "WebAssembly.Memory" && "buffer" in value) this.#lookAtMemory(value.buffer);
      if (types.isPromise(value)) leaveUnheard(value);
      if (platformObjects.has(tag)) {
        this.#refuse(`is a ${tag}, which no other thread can be given.`);
      }
      this.#lookAtKeys(value, Object.keys(value));
    }
  }

  #lookAtMemory(buffer: unknown): void {
    if (!types.isSharedArrayBuffer(buffer)) return;
    this.#refuse(
      "shows shared memory (a SharedArrayBuffer), which would arrive as a copy. " +
        "Share it by name, with ctx.shared in the handlers, or send a copy: slice() makes one.",
    );
  }

  #lookIntoMap(map: ReadonlyMap<unknown, unknown>): void {
    let index = 0;
    forEachEntry.call(map, (value, key) => {
      this.#path[this.#depth++] = { of: "key", index };
      this.#look(key);
      this.#path[this.#depth - 1] = { of: "value", index: index++ };
      this.#look(value);
      this.#depth--;
    });
  }

  #lookIntoSet(set: ReadonlySet<unknown>): void {
    let index = 0;
    forEachItem.call(set, (value) => {
      this.#path[this.#depth++] = { of: "item", index: index++ };
      this.#look(value);
      this.#depth--;
    });
  }

  /** Structured clone carries its name, message, stack and cause. */
  #lookIntoError(error: Error): void {
    this.#errors.push(error);
    if (Object.hasOwn(error, "cause")) this.#lookAtKeys(error, ["cause"]);
    this.#errors.pop();
  }
}

function tagOf(value: object): string {
  try {
    const tag: unknown = (value as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
    return typeof tag === "string" ? tag : "";
  } catch {
    // Structured clone does not ask for it, so it may be sent.
    return "";
  }
}
