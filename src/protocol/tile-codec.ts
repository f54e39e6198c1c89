// A tile as bytes, and bytes as a tile. Layout, little-endian: magic, level, index, revision, whole, number of lanes (6 x
// 32 bits), then the columns one after the other, each preceded by its length in elements and padded to 8 bytes, so that
// the page reads them in place.

import {
  bucketsInTile,
  sliceStates,
  type SliceColumns,
  type Tile,
  type TileLane,
} from "./timeline.ts";

const magic = 0x454c4954;
const headerBytes = 32;
const mostLanes = 1024;

type Column = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

export function encodeTile(tile: Tile): Uint8Array {
  const columns = columnsOf(tile);
  const size = columns.reduce((sum, column) => sum + 8 + padded(column.byteLength), headerBytes);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  const { level, index, revision, whole, lanes } = tile;
  [magic, level, index, revision, whole ? 1 : 0, lanes.length].forEach((word, at) =>
    view.setUint32(at * 4, word, true),
  );
  let at = headerBytes;
  for (const column of columns) {
    view.setUint32(at, column.length, true);
    bytes.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at + 8);
    at += 8 + padded(column.byteLength);
  }
  return bytes;
}

function columnsOf(tile: Tile): Column[] {
  const { arrows, marks } = tile;
  const head = [tile.queueDepth, tile.settled, arrows.time, arrows.from, arrows.to];
  const columns: Column[] = [...head, marks.time, marks.lane, marks.name];
  for (const lane of tile.lanes) {
    if (lane.kind === "coverage") columns.push(Uint8Array.of(1), lane.coverage);
    else {
      const { start, end, state, name, event } = lane.slices;
      columns.push(Uint8Array.of(0), start, end, state, name, event);
    }
  }
  return columns;
}

/** Undefined for bytes that are no tile. The tile's columns point into `bytes` where those lie on a multiple of 8. */
export function decodeTile(bytes: Uint8Array): Tile | undefined {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  try {
    return readTile(aligned);
  } catch (error) {
    // A length that points outside the bytes: typed arrays refuse it.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readTile(bytes: Uint8Array): Tile | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const word = (at: number): number => view.getUint32(at * 4, true);
  if (word(0) !== magic || word(5) > mostLanes) return undefined;
  const read = new ColumnReader(bytes, view);
  const queueDepth = read.column(Uint32Array);
  const settled = read.column(Uint32Array);
  const arrows = {
    time: read.column(Float64Array),
    from: read.column(Uint16Array),
    to: read.column(Uint16Array),
  };
  const marks = {
    time: read.column(Float64Array),
    lane: read.column(Uint16Array),
    name: read.column(Int32Array),
  };
  const lanes = Array.from({ length: word(5) }, () => readLane(read));
  if (queueDepth.length !== bucketsInTile || settled.length !== bucketsInTile) return undefined;
  if (!lanes.every(isSound)) return undefined;
  const even = [arrows.from, arrows.to].every((column) => column.length === arrows.time.length);
  if (!even || marks.lane.length !== marks.time.length || marks.name.length !== marks.time.length) {
    return undefined;
  }
  const [level, index, revision] = [word(1), word(2), word(3)];
  return {
    level,
    index,
    revision,
    whole: word(4) === 1,
    lanes,
    queueDepth,
    settled,
    arrows,
    marks,
  };
}

function readLane(read: ColumnReader): TileLane {
  const [kind] = read.column(Uint8Array);
  if (kind === 1) return { kind: "coverage", coverage: read.column(Uint8Array) };
  const start = read.column(Float64Array);
  const slices: SliceColumns = {
    length: start.length,
    start,
    end: read.column(Float64Array),
    state: read.column(Uint8Array),
    name: read.column(Int32Array),
    event: read.column(Int32Array),
  };
  return { kind: "slices", slices };
}

function isSound(lane: TileLane): boolean {
  if (lane.kind === "coverage") return lane.coverage.length === bucketsInTile * sliceStates.length;
  const { length, end, state, name, event } = lane.slices;
  return (
    [end, state, name, event].every((column) => column.length === length) &&
    state.every((code) => code < sliceStates.length)
  );
}

interface ColumnType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, offset: number, length: number): T;
}

class ColumnReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = headerBytes;

  constructor(bytes: Uint8Array, view: DataView) {
    this.#bytes = bytes;
    this.#view = view;
  }

  column<T>(type: ColumnType<T>): T {
    const length = this.#view.getUint32(this.#at, true);
    const size = length * type.BYTES_PER_ELEMENT;
    if (this.#at + 8 + size > this.#bytes.byteLength) throw new RangeError("column outside tile");
    const column = new type(this.#bytes.buffer, this.#bytes.byteOffset + this.#at + 8, length);
    this.#at += 8 + padded(size);
    return column;
  }
}

function padded(size: number): number {
  return Math.ceil(size / 8) * 8;
}
