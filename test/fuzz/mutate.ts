// Changes a trace's file the way an attacker would who knows the format: any value of any row, any column of any event, chunks in
// any order, all behind right checksums. What a seed makes of a file it makes of it on every machine.

import { deflateRawSync } from "node:zlib";
import { decodeEvents } from "../../src/trace/decode-events.ts";
import { TraceEncoder } from "../../src/trace/encode.ts";
import { makeBatch, type EventBatch } from "../../src/trace/event-batch.ts";
import { eventKinds } from "../../src/trace/event-kind.ts";
import { chunkKinds, codecNone, codecDeflate, fileHeader } from "../../src/trace/format.ts";
import { oddNumbers, oddTimes, oddValues } from "./odd-values.ts";
import { fileOf, piecesOf, withRaw, type Piece } from "./pieces.ts";

export interface Draw {
  /** From 0 to `below` - 1. */
  int(below: number): number;
  of<T>(items: readonly T[]): T;
}

export function drawFrom(random: () => number): Draw {
  const int = (below: number): number => Math.floor(random() * below);
  return {
    int,
    of: <T>(items: readonly T[]): T => {
      const item = items[int(items.length)];
      if (item === undefined) throw new Error("nothing to draw from");
      return item;
    },
  };
}

type Change = (pieces: Piece[], draw: Draw, others: readonly Uint8Array[]) => Piece[];

const mostChanges = 4;
/** One of so many has a chunk that inflates to many megabytes: each costs as much as a hundred others. */
const inputsForEachBomb = 50;

export function mutated(seeds: readonly Uint8Array[], draw: Draw): Uint8Array {
  let pieces = piecesOf(draw.of(seeds));
  for (let left = 1 + draw.int(mostChanges); left > 0; left--) {
    pieces = draw.of(changes)(pieces, draw, seeds);
  }
  return fileOf(draw.int(inputsForEachBomb) === 0 ? withBomb(pieces, draw) : pieces);
}

const changes: readonly Change[] = [
  ...Array.from({ length: 4 }, () => changeJson),
  ...Array.from({ length: 5 }, () => changeEvents),
  changeRows,
  changeBytes,
  changeHeader,
  moveChunks,
  splice,
  multiply,
];

/** Puts another piece in the place of one of those that are meant; nothing where there is none. */
function replaceOne(
  pieces: Piece[],
  draw: Draw,
  isMeant: (piece: Piece) => boolean,
  by: (piece: Piece) => Piece,
): Piece[] {
  const meant = pieces.flatMap((piece, index) => (isMeant(piece) ? [index] : []));
  if (meant.length === 0) return pieces;
  const at = draw.of(meant);
  return pieces.map((piece, index) => (index === at ? by(piece) : piece));
}

const isJson = ({ header }: Piece): boolean => header.kind !== "events";
const isEvents = ({ header }: Piece): boolean => header.kind === "events";
const isTable = ({ header }: Piece): boolean => header.kind === "table";
const textOf = ({ raw }: Piece): string => new TextDecoder().decode(raw);
const jsonPiece = (piece: Piece, text: string): Piece =>
  withRaw(piece, new TextEncoder().encode(text));

/** One value or one name, anywhere in a chunk's JSON. */
function changeJson(pieces: Piece[], draw: Draw): Piece[] {
  return replaceOne(pieces, draw, isJson, (piece) => {
    const text = textOf(piece);
    const places = [...text.matchAll(jsonToken)];
    const place = draw.int(12) === 0 ? undefined : places[draw.int(places.length)];
    // Now and then the whole of it.
    if (place === undefined) return jsonPiece(piece, draw.of(oddValues));
    const isName = text[place.index + place[0].length] === ":";
    const names = oddValues.filter((value) => value.startsWith('"') && value.length < 100);
    const by = draw.of(isName ? names : oddValues);
    const after = text.slice(place.index + place[0].length);
    return jsonPiece(piece, text.slice(0, place.index) + by + after);
  });
}

const jsonToken = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|\[\]|\{\}/g;

/** Rows doubled, moved, gone, or a great many of them. */
function changeRows(pieces: Piece[], draw: Draw): Piece[] {
  return replaceOne(pieces, draw, isTable, (piece) => {
    let value: { readonly table: unknown; readonly rows: unknown[] };
    try {
      value = JSON.parse(textOf(piece)) as typeof value;
    } catch {
      return piece;
    }
    if (!Array.isArray(value?.rows) || value.rows.length === 0) return piece;
    const { table, rows } = value;
    const row = draw.of(rows.map((each) => [each]))[0];
    const index = (number: number): unknown =>
      typeof row === "object" && row !== null && "index" in row ? { ...row, index: number } : row;
    const changed = draw.of([
      () => rows.toReversed(),
      () => [...rows, ...rows],
      () => rows.slice(1),
      () => [row, ...rows],
      () => Array.from({ length: 1000 }, (_, number) => index(number)),
      () =>
        Array.from({ length: draw.of([1000, 1000, 1000, 70_000]) }, (_, number) => index(number)),
    ])();
    const text = writtenOrNot({ table, rows: changed });
    return text === undefined ? piece : jsonPiece(piece, text);
  });
}

/** Undefined for what an earlier change nested deeper than JSON can be written, though it can be read. */
function writtenOrNot(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** One column of one kind of event, or of all: the same odd number, rising ones, or different odd ones. */
function changeEvents(pieces: Piece[], draw: Draw): Piece[] {
  return replaceOne(pieces, draw, isEvents, (piece) => {
    const batch = batchOf(piece);
    if (batch === undefined || batch.length === 0) return piece;
    changeColumn(batch, draw);
    return eventsPiece(
      piece.header.thread,
      batch,
      draw.int(5) === 0 ? draw.of([1, 2 ** 32 - 1, 2 ** 50]) : 0,
    );
  });
}

const columns = ["time", "code", "small", "turn", "a", "b", "c", "d"] as const;
/** Differences of times are whole numbers of at most 56 bits in the file. */
const finiteTimes = oddTimes.filter((time) => Math.abs(time) < 2 ** 54);
const codes = Object.values(eventKinds).map(({ code }) => code);

function changeColumn(batch: EventBatch, draw: Draw): void {
  const name = draw.of(columns);
  const numbers = name === "time" ? finiteTimes : name === "code" ? codes : oddNumbers;
  const [one, other] = [draw.of(numbers), draw.int(1000)];
  const of = draw.of([
    () => one,
    (index: number) => index + other,
    (index: number) => -index,
    () => draw.of(numbers),
    (index: number) => index % (1 + (other % 7)),
    (index: number) => (batch[name][index] ?? 0) + one,
  ]);
  const only = draw.int(3) === 0 ? undefined : batch.code[draw.int(batch.length)];
  const [from, step] = [draw.int(batch.length), draw.of([1, 1, 1, 3, 50])];
  for (let index = draw.of([0, from]); index < batch.length; index += step) {
    if (only === undefined || batch.code[index] === only) batch[name][index] = of(index);
  }
}

/** Undefined for what is no events any more. */
function batchOf({ header, raw }: Piece): EventBatch | undefined {
  const { columns: from, problem } = decodeEvents(raw, { ...header, storedBytes: 0 });
  if (problem !== undefined) return undefined;
  return { ...from, capacity: from.length };
}

const encoder = new TraceEncoder((bytes) => deflateRawSync(bytes, { level: 1 }));

export function eventsPiece(thread: number, batch: EventBatch, dropped: number): Piece {
  const file = Buffer.concat([fileHeader(), encoder.events(thread, batch, dropped)]);
  const [piece] = piecesOf(file);
  if (piece === undefined) throw new Error("no chunk was written");
  return piece;
}

/** Single bytes of a body: numbers that no column has, texts that are no JSON. */
function changeBytes(pieces: Piece[], draw: Draw): Piece[] {
  return replaceOne(
    pieces,
    draw,
    () => true,
    (piece) => {
      const raw = Uint8Array.from(piece.raw);
      for (let left = 1 + draw.int(8); left > 0 && raw.length > 0; left--) {
        raw[draw.int(raw.length)] = draw.of([0, 1, 0x7f, 0x80, 0xff, draw.int(256)]);
      }
      return withRaw(piece, draw.int(4) === 0 ? raw.subarray(0, draw.int(raw.length + 1)) : raw);
    },
  );
}

function changeHeader(pieces: Piece[], draw: Draw): Piece[] {
  return replaceOne(
    pieces,
    draw,
    () => true,
    ({ header, raw }) => {
      const change = draw.of([
        () => ({ thread: draw.of([0, 1, 2, 5, 1023, 1024, 65_535]) }),
        () => ({ events: draw.of([0, 1, 100, 65_536, 2 ** 24, 2 ** 32 - 1]) }),
        () => ({ firstTime: draw.of(oddTimes) }),
        () => ({ kind: draw.of(chunkKinds) }),
        () => ({ codec: draw.of([codecNone, codecDeflate, 2, 255]) }),
        () => ({ rawBytes: draw.of([0, 1, raw.length - 1, raw.length + 1, 2 ** 26, 2 ** 32 - 1]) }),
      ]);
      return { header: { ...header, ...change() }, raw };
    },
  );
}

function moveChunks(pieces: Piece[], draw: Draw): Piece[] {
  const at = draw.int(pieces.length + 1);
  const [before, after] = [pieces.slice(0, at), pieces.slice(at)];
  return draw.of([
    () => [...after, ...before],
    () => pieces.toReversed(),
    () => [...before, ...after.slice(1)],
    () => [...pieces, ...after],
    () => [...before, ...before, ...after],
    () => before,
  ])();
}

/** Chunks of another trace among this one's. */
function splice(pieces: Piece[], draw: Draw, seeds: readonly Uint8Array[]): Piece[] {
  const other = piecesOf(draw.of(seeds));
  const at = draw.int(pieces.length + 1);
  const from = draw.int(other.length);
  return [...pieces.slice(0, at), ...other.slice(from), ...pieces.slice(at)];
}

/** Now and then a whole chunk: what takes the square of so many is seen at once. */
const eventCounts = [1000, 1000, 4000, 4000, 65_536];

/** One chunk's events so often that what takes the square of their number would never end, each time a column that rises. */
function multiply(pieces: Piece[], draw: Draw): Piece[] {
  return replaceOne(pieces, draw, isEvents, (piece) => {
    const from = batchOf(piece);
    if (from === undefined || from.length === 0) return piece;
    const one = draw.of(codes);
    const [rising, other] = [draw.of(columns), draw.of(columns)];
    const pattern = draw.of(["all", "one kind", "two kinds"]);
    const second = draw.of(codes);
    const start = draw.int(from.length);
    const count = draw.of(eventCounts);
    const batch = makeBatch(count);
    for (let index = 0; index < count; index++) {
      const source = pattern === "all" ? index % from.length : start;
      for (const name of columns) batch[name][index] = from[name][source] ?? 0;
      batch.time[index] = index * 1000;
      if (pattern !== "all")
        batch.code[index] = pattern === "two kinds" && index % 2 === 1 ? second : one;
      for (const name of [rising, other]) {
        if (name !== "time" && name !== "code") batch[name][index] = 1 + (index >> 1);
      }
    }
    batch.length = count;
    return eventsPiece(piece.header.thread, batch, 0);
  });
}

const million = 2 ** 20;
const bombs: readonly (() => string)[] = [
  () => `{"table":"strings","rows":[${'"",'.repeat(3 * million)}""]}`,
  () => `{"table":"strings","rows":[${'"",'.repeat(9 * million)}""]}`,
  () => `{"table":"locks","rows":[${"{},".repeat(1.3 * million)}{}]}`,
  () => `{"table":"sources","rows":[{"path":"a.mjs","text":"${"x\\n".repeat(15 * million)}"}]}`,
  () => `${"[".repeat(million)}${"]".repeat(million)}`,
  () => "\0".repeat(32 * million),
];
const deflated = new Map<number, Pick<Required<Piece>, "raw" | "stored">>();

/** A few kilobytes that inflate to many megabytes. */
function withBomb(pieces: Piece[], draw: Draw): Piece[] {
  const which = draw.int(bombs.length);
  const raw = deflated.get(which)?.raw ?? new TextEncoder().encode(bombs[which]?.() ?? "");
  const bomb = deflated.get(which) ?? { raw, stored: deflateRawSync(raw, { level: 1 }) };
  deflated.set(which, bomb);
  return replaceOne(
    pieces,
    draw,
    () => true,
    ({ header }) => {
      const events = header.kind === "events" ? Math.floor((raw.length - 1) / 8) : 0;
      return {
        header: { ...header, codec: codecDeflate, rawBytes: raw.length, events },
        ...bomb,
      };
    },
  );
}
