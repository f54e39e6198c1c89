// From events and tables to the file's chunks. Columns one after another, each a run of varints: what repeats within a
// column compresses best that way. Compression is passed in, so that this module needs no host.

import type { EventBatch } from "./event-batch.ts";
import { codecDeflate, codecNone, writeChunk, type ChunkKind } from "./format.ts";
import type { TraceFooter, TraceHeader } from "./header.ts";
import { headerWithoutSecrets, rowsWithoutSecrets, withoutCredentialsIn } from "./secrets.ts";
import type { TableName, Tables } from "./tables.ts";
import { VarintWriter } from "./varint.ts";

export type Deflate = (bytes: Uint8Array) => Uint8Array;

/** Below this many bytes compression costs more than it saves. */
const leastToCompress = 64;

export class TraceEncoder {
  readonly #deflate: Deflate;
  readonly #writer = new VarintWriter();
  readonly #lastOfKind = new Int32Array(256);

  constructor(deflate: Deflate) {
    this.#deflate = deflate;
  }

  header(header: TraceHeader): Uint8Array {
    return this.#json("header", headerWithoutSecrets(header));
  }

  footer(footer: TraceFooter): Uint8Array {
    return this.#json("footer", withoutCredentialsIn(footer));
  }

  rows<Name extends TableName>(table: Name, rows: Tables[Name]): Uint8Array {
    return this.#json("table", { table, rows: rowsWithoutSecrets<unknown>(table, rows) });
  }

  /** One thread's events; `dropped` are those lost since the thread's chunk before. The batch is not changed. */
  events(thread: number, batch: EventBatch, dropped: number): Uint8Array {
    const writer = this.#writer;
    writer.clear();
    writer.unsigned(dropped);
    const firstTime = batch.time[0] ?? 0;
    this.#times(batch, firstTime);
    this.#plain(batch.code, batch.length);
    this.#plain(batch.small, batch.length);
    for (const column of [batch.turn, batch.a, batch.b, batch.c, batch.d]) {
      this.#deltas(column, batch.code, batch.length);
    }
    return this.#chunk("events", thread, batch.length, firstTime, writer.bytes);
  }

  #times(batch: EventBatch, firstTime: number): void {
    let last = firstTime;
    for (let index = 0; index < batch.length; index++) {
      const time = batch.time[index] ?? 0;
      // Signed: a hold's start is written after later events.
      this.#writer.signed(time - last);
      last = time;
    }
  }

  #plain(column: ArrayLike<number>, length: number): void {
    for (let index = 0; index < length; index++) this.#writer.unsigned(column[index] ?? 0);
  }

  /** Against the event of the same kind before: fields mean the same there, and mostly grow by the same step. */
  #deltas(column: Int32Array, codes: Uint8Array, length: number): void {
    const last = this.#lastOfKind.fill(0);
    for (let index = 0; index < length; index++) {
      const value = column[index] ?? 0;
      const code = codes[index] ?? 0;
      this.#writer.signed(value - (last[code] ?? 0));
      last[code] = value;
    }
  }

  #json(kind: ChunkKind, value: unknown): Uint8Array {
    return this.#chunk(kind, 0, 0, 0, new TextEncoder().encode(JSON.stringify(value)));
  }

  #chunk(
    kind: ChunkKind,
    thread: number,
    events: number,
    firstTime: number,
    raw: Uint8Array,
  ): Uint8Array {
    const rawBytes = raw.length;
    if (rawBytes < leastToCompress) {
      return writeChunk({ kind, codec: codecNone, thread, events, firstTime, rawBytes }, raw);
    }
    const stored = this.#deflate(raw);
    return writeChunk({ kind, codec: codecDeflate, thread, events, firstTime, rawBytes }, stored);
  }
}
