// The reader's side of all rings: drains them into chunks, looks at the state rows, writes the file's bytes in order. Runs in
// the collector thread; what it writes is a valid trace after every call.

import { codes } from "./codes.ts";
import { drainRing } from "./drain-ring.ts";
import { openRing, type Ring } from "./ring.ts";
import type { StateRow } from "./state-row.ts";
import { TraceEncoder, type Deflate } from "../trace/encode.ts";
import { makeBatch, type EventBatch } from "../trace/event-batch.ts";
import { fileHeader } from "../trace/format.ts";
import type { TraceFooter, TraceHeader } from "../trace/header.ts";
import type { TableName, Tables } from "../trace/tables.ts";

/** A chunk is closed at this many events or this age, whichever is first. */
const chunkEvents = 65_536;
const chunkNanos = 250_000_000;

export interface CollectorSetup {
  /** By thread index. */
  readonly rings: readonly SharedArrayBuffer[];
  readonly stateRows: readonly StateRow[];
  readonly header: TraceHeader;
  readonly deflate: Deflate;
  clock(): bigint;
  write(bytes: Uint8Array): void;
}

interface Lane {
  readonly thread: number;
  readonly ring: Ring;
  readonly batch: EventBatch;
  /** Events read so far, modulo 2^32. */
  read: number;
  dropped: number;
  /** When the batch's first event was drained, in the trace's time. */
  since: number;
  lastSeen: string;
}

export class TraceCollector {
  readonly #setup: CollectorSetup;
  readonly #encoder: TraceEncoder;
  readonly #lanes: readonly Lane[];
  readonly #start: bigint;

  constructor(setup: CollectorSetup) {
    this.#setup = setup;
    this.#encoder = new TraceEncoder(setup.deflate);
    this.#start = BigInt(setup.header.startNanos);
    this.#lanes = setup.rings.map((buffer, thread) => ({
      thread,
      ring: openRing(buffer),
      batch: makeBatch(chunkEvents),
      read: 0,
      dropped: 0,
      since: 0,
      lastSeen: "",
    }));
    setup.write(fileHeader());
    setup.write(this.#encoder.header(setup.header));
  }

  append<Name extends TableName>(table: Name, rows: Tables[Name]): void {
    if (rows.length > 0) this.#setup.write(this.#encoder.rows(table, rows));
  }

  /** Takes what the threads have recorded since the last call. To be called every 10 ms. */
  drain(): void {
    const now = Number(this.#setup.clock() - this.#start);
    for (const lane of this.#lanes) {
      this.#drainLane(lane, now);
      this.#snapshot(lane, now);
      if (lane.batch.length > 0 && now - lane.since >= chunkNanos) this.#flush(lane);
    }
  }

  /** An event that the collector itself saw of a thread, at the present moment. */
  observed(
    thread: number,
    code: number,
    small: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void {
    const lane = this.#lanes[thread];
    if (lane === undefined) return;
    const now = Number(this.#setup.clock() - this.#start);
    if (lane.batch.length === 0) lane.since = now;
    this.#add(lane, now, code, 0, small, a, b, c, d);
  }

  /** Drains once more, closes all chunks and ends the trace. Nothing may be written afterwards. */
  end(footer: TraceFooter): void {
    this.drain();
    for (const lane of this.#lanes) this.#flush(lane);
    this.#setup.write(this.#encoder.footer(footer));
  }

  #drainLane(lane: Lane, now: number): void {
    for (;;) {
      if (lane.batch.length === 0) lane.since = now;
      const { read, dropped } = drainRing(lane.ring, lane.read, lane.batch, this.#start);
      const more = lane.batch.length === lane.batch.capacity;
      lane.read = read;
      lane.dropped += dropped;
      if (!more) return;
      this.#flush(lane);
    }
  }

  /** A thread that waits or holds locks says so in the trace while it lasts: a run that is cut can still be explained. */
  #snapshot(lane: Lane, now: number): void {
    const row = this.#setup.stateRows[lane.thread];
    if (row === undefined) return;
    const seen = row.read();
    if (seen.waitsForLockPlus1 === 0 && seen.holds.length === 0) {
      if (lane.lastSeen === "") return;
    }
    const { role, turn, event, waitsForLockPlus1, waitSite, waitSinceMicros, holds } = seen;
    const key = `${turn} ${waitsForLockPlus1} ${waitSinceMicros} ${holds.map((hold) => hold.acquisition).join()}`;
    if (key === lane.lastSeen) return;
    lane.lastSeen = waitsForLockPlus1 === 0 && holds.length === 0 ? "" : key;
    const micros = Number((this.#setup.clock() / 1000n) & 0xffff_ffffn) | 0;
    const since = waitsForLockPlus1 === 0 ? 0 : (micros - waitSinceMicros) | 0;
    this.#add(lane, now, codes.stateSeen, turn, role, event, waitsForLockPlus1, waitSite, since);
    for (const { lock, site, acquisition, turn: holder } of holds) {
      this.#add(lane, now, codes.holdSeen, holder, 0, lock, site, 0, acquisition);
    }
  }

  #add(
    lane: Lane,
    time: number,
    code: number,
    turn: number,
    small: number,
    a: number,
    b: number,
    c: number,
    d: number,
  ): void {
    const { batch } = lane;
    if (batch.length === batch.capacity) this.#flush(lane);
    const at = batch.length++;
    batch.time[at] = time;
    batch.code[at] = code;
    batch.turn[at] = turn;
    batch.small[at] = small;
    batch.a[at] = a;
    batch.b[at] = b;
    batch.c[at] = c;
    batch.d[at] = d;
  }

  #flush(lane: Lane): void {
    if (lane.batch.length === 0 && lane.dropped === 0) return;
    this.#setup.write(this.#encoder.events(lane.thread, lane.batch, lane.dropped));
    lane.batch.length = 0;
    lane.dropped = 0;
  }
}
