// The collector thread: every 10 ms it drains the rings and writes what came to the data pipe. It appends the names of
// locks as they appear. When the pipe is closed at the other end, nobody wants the run any more.

import { writeSync } from "node:fs";
import { deflateRawSync } from "node:zlib";
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../base/assert.ts";
import { StateRow } from "../recorder/state-row.ts";
import { TraceCollector } from "../recorder/trace-collector.ts";
import { LockTable } from "../sync/lock-table.ts";
import type { LockRow } from "../trace/tables.ts";
import { ThreadSamples } from "./os-samples.ts";
import type {
  CollectorStart,
  FromCollector,
  TableRows,
  ToCollector,
} from "./collector-messages.ts";

const drainMillis = 10;

assert(parentPort !== null, "collector-main runs in a worker thread only");
const port = parentPort;
const start = workerData as CollectorStart;
const words = new Int32Array(start.recording.words);
const { offset, capacity, threads } = start.recording.lockTable;
const locks = new LockTable(words, offset, capacity, threads);
const knownLocks = new Set<number>();
const pause = new Int32Array(new SharedArrayBuffer(4));

const collector = new TraceCollector({
  rings: start.recording.rings,
  stateRows: start.recording.stateRowOffsets.map((at) => new StateRow(words, at)),
  header: start.header,
  deflate: (bytes) => deflateRawSync(bytes, { level: 1 }),
  clock: process.hrtime.bigint,
  write: writeAll,
});

function writeAll(bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length;) {
    try {
      written += writeSync(start.pipe, bytes, written);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code !== "EAGAIN") return pipeClosed();
      // The reader is behind and the pipe is non-blocking: look again in a millisecond.
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

function pipeClosed(): void {
  tell({ kind: "pipe-closed" });
}

function tell(message: FromCollector): void {
  port.postMessage(message);
}

/** A lock's row says which index it has: indexes come from a hash table, so the rows are appended as a sparse list. */
function appendNewLocks(): void {
  for (let lock = 0; lock < capacity; lock++) {
    if (knownLocks.has(lock)) continue;
    const name = locks.nameOf(lock);
    if (name === undefined) continue;
    knownLocks.add(lock);
    const row: LockRow = { index: lock, name, kind: locks.kindOf(lock) };
    collector.append("locks", [row]);
  }
}

const samples = new ThreadSamples();

/** Names of locks and figures of the OS are looked at each tenth time. */
const drainsBetweenLooks = 10;
let drains = 0;
let timer = setInterval(look, drainMillis);

function look(): void {
  collector.drain();
  if (++drains % drainsBetweenLooks !== 0) return;
  appendNewLocks();
  samples.takeInto(collector);
}

function appendRows({ table, rows }: TableRows): void {
  if (table === "threads") for (const row of rows) samples.add(row);
  collector.append(table, rows);
}

port.on("message", (message: ToCollector) => {
  if (message.kind === "rows") return appendRows(message.rows);
  clearInterval(timer);
  if (message.kind === "resume") {
    timer = setInterval(look, drainMillis);
    return;
  }
  if (message.kind === "pause") {
    collector.drain();
    return tell({ kind: "quiet" });
  }
  appendNewLocks();
  samples.takeInto(collector);
  const endNanos = Number(process.hrtime.bigint() - BigInt(start.header.startNanos));
  collector.end({ ...message.footer, endNanos });
  tell({ kind: "ended" });
  port.close();
});
