// Plain objects without nesting, whose fields are finite numbers, booleans, null or texts: most payloads and results of small
// events. Their shape (names and types of the fields) goes into shared memory once; then only the values cross, which is five
// times cheaper than JSON there and back (measured). In a slab: the shape's number, eight bytes for each field, the texts.

import { types } from "node:util";
import { ShapeTable, type FlatShape } from "./shape-table.ts";

export type FlatType = "number" | "boolean" | "null" | "text";
type FlatValue = number | boolean | string | null;

const mostFields = 24;
const headBytes = 8;
const fieldBytes = 8;

/** A snapshot of an object: it changes no more when the object does. */
export interface FlatObject {
  readonly shape: FlatShape;
  /** In the order of the shape's fields. */
  readonly values: readonly FlatValue[];
  /** Bytes in the slab, at most. */
  readonly length: number;
}

export class FlatObjects {
  readonly #shapes: ShapeTable;
  readonly #bytes: Buffer;
  readonly #doubles: Float64Array;
  readonly #words: Int32Array;
  readonly #room: number;
  // Filled anew by each pack: only values are kept.
  readonly #names: string[] = [];
  readonly #types: FlatType[] = [];

  /** Slabs of `room` bytes each, a multiple of eight. */
  constructor(slabs: Buffer, room: number, shapes: SharedArrayBuffer) {
    this.#room = room;
    this.#shapes = new ShapeTable(shapes);
    this.#bytes = slabs;
    this.#doubles = new Float64Array(slabs.buffer);
    this.#words = new Int32Array(slabs.buffer);
  }

  /** Undefined for what is not flat, or too large for a slab. */
  pack(value: object): FlatObject | undefined {
    // A proxy is asked nothing: each question runs its code.
    if (types.isProxy(value) || Object.getPrototypeOf(value) !== Object.prototype) return undefined;
    if ("toJSON" in value) return undefined;
    const values: FlatValue[] = [];
    let length = headBytes;
    for (const name in value) {
      const item = (value as Readonly<Record<string, unknown>>)[name];
      const type = typeOf(item, this.#room);
      const at = values.length;
      if (type === undefined || at === mostFields || !isOwnField(value, name)) return undefined;
      length += fieldBytes + (type === "text" ? bytesOf(item as string, this.#room) : 0);
      this.#names[at] = name;
      this.#types[at] = type;
      values.push(item as FlatValue);
    }
    if (length > this.#room) return undefined;
    const shape = this.#shapes.shapeOf(this.#names, this.#types, values.length);
    return shape === undefined ? undefined : { shape, values, length };
  }

  /** Writes into the slab that starts at byte `at`; returns how many bytes. */
  write({ shape, values }: FlatObject, at: number): number {
    this.#words[at >> 2] = shape.number;
    let text = at + headBytes + fieldBytes * values.length;
    let place = (at + headBytes) >> 3;
    for (let index = 0; index < values.length; index++) {
      const value = values[index];
      if (typeof value === "string") {
        const bytes = this.#bytes.write(value, text, "utf8");
        // Negative for what is not ASCII: that is decoded more dearly.
        this.#doubles[place++] = bytes === value.length ? bytes : -bytes;
        text += bytes;
      } else this.#doubles[place++] = Number(value);
    }
    return text - at;
  }

  read(at: number): object {
    const { names, types, template } = this.#shapes.shape(this.#words[at >> 2] ?? 0);
    const object: Record<string, FlatValue> = { ...template };
    let text = at + headBytes + fieldBytes * names.length;
    let place = (at + headBytes) >> 3;
    for (let index = 0; index < names.length; index++) {
      const double = this.#doubles[place++] ?? 0;
      const name = names[index] ?? "";
      switch (types[index]) {
        case "number":
          object[name] = double;
          break;
        case "boolean":
          object[name] = double !== 0;
          break;
        case "text": {
          const end = text + Math.abs(double);
          object[name] = this.#bytes.toString(double < 0 ? "utf8" : "latin1", text, end);
          text = end;
          break;
        }
        default:
        // null, as the template has it.
      }
    }
    return object;
  }
}

/** Not one that Object.prototype was given, nor one that an assignment would take for the prototype. */
function isOwnField(value: object, name: string): boolean {
  return Object.hasOwn(value, name) && name !== "__proto__";
}

function typeOf(value: unknown, room: number): FlatType | undefined {
  switch (typeof value) {
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0) ? "number" : undefined;
    case "string":
      return value.length <= room && value.isWellFormed() ? "text" : undefined;
    case "boolean":
      return "boolean";
    case "object":
      return value === null ? "null" : undefined;
    default:
      return undefined;
  }
}

/** Three bytes a UTF-16 unit at most: counted only where that could be too many. */
function bytesOf(text: string, room: number): number {
  return text.length * 12 <= room ? text.length * 3 : Buffer.byteLength(text, "utf8");
}
