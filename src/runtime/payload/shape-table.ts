// The shapes of flat objects, in memory that all threads share: whoever first meets a shape writes it down, and from then on its
// number stands for it. Never taken back; when the table is full, objects of further shapes cross as JSON.
//
// In 32-bit words: how many places were taken, then for each place its length in bytes, 0 until it is written, and the text.

import { assert } from "../../base/assert.ts";
import { step } from "../../sync/step.ts";
import type { FlatType } from "./flat-object.ts";

const places = 256;
const placeWords = 64;
const textBytes = (placeWords - 1) * 4;
export const shapeTableBytes: number = (1 + places * placeWords) * 4;

/** Shapes that are compared one after the other before their texts are. */
const mostRecent = 8;

export interface FlatShape {
  readonly number: number;
  readonly names: readonly string[];
  readonly types: readonly FlatType[];
  /** An object with these fields in this order, null in each. */
  readonly template: Readonly<Record<string, null>>;
}

export class ShapeTable {
  readonly #words: Int32Array;
  readonly #bytes: Buffer;
  /** By number; only this thread's view. */
  readonly #known: (FlatShape | undefined)[] = [];
  readonly #byText = new Map<string, FlatShape>();
  /** The last met comes first. */
  readonly #recent: FlatShape[] = [];
  #isFull = false;

  constructor(shapes: SharedArrayBuffer) {
    this.#words = new Int32Array(shapes);
    this.#bytes = Buffer.from(shapes);
  }

  /** Of the first `count` fields; undefined when it has no place in the table. */
  shapeOf(
    names: readonly string[],
    types: readonly FlatType[],
    count: number,
  ): FlatShape | undefined {
    for (const shape of this.#recent) if (isOf(shape, names, types, count)) return shape;
    // Objects that are dictionaries each have a shape of their own: they fill the table, and from then on cost no more than
    // the comparisons above.
    if (this.#isFull || !mayHavePlace(names, count)) return undefined;
    const shape = this.#find(names.slice(0, count), types.slice(0, count));
    if (shape === undefined) return undefined;
    this.#recent.unshift(shape);
    if (this.#recent.length > mostRecent) this.#recent.pop();
    return shape;
  }

  /** Of an object that another thread has sent: its slot word was published after its shape. */
  shape(number: number): FlatShape {
    const shape = this.#known[number] ?? this.#look(number);
    assert(shape !== undefined, "a payload names a shape that nobody has written down");
    return shape;
  }

  #find(names: readonly string[], types: readonly FlatType[]): FlatShape | undefined {
    const text = JSON.stringify([names, types]);
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const number = this.#written(text) ?? this.#write(text);
    if (number === undefined) return undefined;
    const shape = this.shape(number);
    this.#byText.set(text, shape);
    return shape;
  }

  /** Where another thread has written the shape down. */
  #written(text: string): number | undefined {
    step("load", "shapes", 0);
    const taken = Math.min(places, Atomics.load(this.#words, 0));
    for (let number = 0; number < taken; number++) {
      if (this.#textAt(number) === text) return number;
    }
    return undefined;
  }

  /** Two threads that meet a shape at once write it down twice, which costs a place and nothing else. */
  #write(text: string): number | undefined {
    const bytes = Buffer.from(text, "utf8");
    if (bytes.length > textBytes) return undefined;
    step("add", "shapes", 0);
    const number = Atomics.add(this.#words, 0, 1);
    if (number >= places) {
      // Taken back, so that the count never wraps.
      Atomics.sub(this.#words, 0, 1);
      this.#isFull = true;
      return undefined;
    }
    this.#bytes.set(bytes, wordOf(number) * 4 + 4);
    step("store", "shape", number);
    // Publishes the text: pairs with the load in textAt. A thread that dies before this leaves a place that nobody reads.
    Atomics.store(this.#words, wordOf(number), bytes.length);
    return number;
  }

  #textAt(number: number): string {
    step("load", "shape", number);
    const length = Atomics.load(this.#words, wordOf(number));
    const start = wordOf(number) * 4 + 4;
    return this.#bytes.toString("utf8", start, start + length);
  }

  #look(number: number): FlatShape | undefined {
    const text = this.#textAt(number);
    if (text === "") return undefined;
    const [names, types] = JSON.parse(text) as [string[], FlatType[]];
    const template = Object.fromEntries(names.map((name) => [name, null]));
    const shape = { number, names, types, template };
    this.#known[number] = shape;
    return shape;
  }
}

/** A lower bound of the length of its text, told without making it. */
function mayHavePlace(names: readonly string[], count: number): boolean {
  let length = 0;
  for (let index = 0; index < count; index++) length += (names[index]?.length ?? 0) + 9;
  return length <= textBytes;
}

const wordOf = (number: number): number => 1 + number * placeWords;

function isOf(
  shape: FlatShape,
  names: readonly string[],
  types: readonly FlatType[],
  count: number,
): boolean {
  if (shape.names.length !== count) return false;
  for (let index = 0; index < count; index++) {
    if (shape.names[index] !== names[index] || shape.types[index] !== types[index]) return false;
  }
  return true;
}
