// A real pool whose recording becomes a trace in memory: what the collector thread does, on the test's own thread.

import type { PoolObserver } from "../../src/runtime/pool-observer.ts";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { StateRow } from "../../src/recorder/state-row.ts";
import { TraceCollector } from "../../src/recorder/trace-collector.ts";
import { LockTable } from "../../src/sync/lock-table.ts";
import { ThreadSamples } from "../../src/runner/os-samples.ts";
import { decode } from "../../src/trace/decode.ts";
import type { LockRow, SiteRow, ThreadRow, UnseenRow } from "../../src/trace/tables.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { kinds, prepare, startPool } from "./start-pool.ts";
import { testHeader } from "./test-header.ts";

const drainsBetweenSamples = 10;

export interface TracedPool {
  readonly pool: ThreadPool;
  /** To be called after the pool is closed. */
  end(): Trace;
}

export async function startTracedPool(options: PoolOptions, module?: string): Promise<TracedPool> {
  const rows = new Map<number, ThreadRow>();
  const samples = new ThreadSamples();
  const { sites } = await prepare(module ?? kinds);
  const told: Told = { strings: [], sites: [...sites], locks: [], unseen: [] };
  const observer: Partial<PoolObserver> = {
    thread: (row) => {
      rows.set(row.index, row);
      samples.add(row);
    },
    strings: (more) => void told.strings.push(...more),
    sites: (more) => void told.sites.push(...more),
    locks: (more) => void told.locks.push(...more),
    unseen: (row) => void told.unseen.push(row),
  };
  const startNanos = process.hrtime.bigint();
  const pool = await startPool({ ...options, level: "all" }, observer, module);
  const { recording } = pool;
  const words = new Int32Array(recording.words);
  const pieces: Uint8Array[] = [];
  const collector = new TraceCollector({
    rings: recording.rings,
    stateRows: recording.stateRowOffsets.map((offset) => new StateRow(words, offset)),
    header: {
      ...testHeader,
      model: options.model ?? "leader-followers",
      startNanos: String(startNanos),
    },
    deflate: (bytes) => bytes,
    clock: process.hrtime.bigint,
    write: (bytes) => pieces.push(bytes.slice()),
  });
  let drains = 0;
  const timer = setInterval(() => {
    collector.drain();
    if (++drains % drainsBetweenSamples === 0) samples.takeInto(collector);
  }, 5);
  const end = (): Trace => {
    clearInterval(timer);
    collector.append("threads", [...rows.values()]);
    collector.append("strings", told.strings);
    collector.append("sites", told.sites);
    collector.append("locks", [...ownLocks(pool), ...told.locks]);
    collector.append("unseen", told.unseen);
    return endTrace(collector, pieces, startNanos);
  };
  return { pool, end };
}

interface Told {
  readonly strings: string[];
  readonly sites: SiteRow[];
  readonly locks: LockRow[];
  readonly unseen: UnseenRow[];
}

function ownLocks({ recording }: ThreadPool): LockRow[] {
  const { offset, capacity, threads } = recording.lockTable;
  const table = new LockTable(new Int32Array(recording.words), offset, capacity, threads);
  return Array.from({ length: capacity }, (_, index) => index).flatMap((index) => {
    const name = table.nameOf(index);
    return name === undefined ? [] : [{ index, name, kind: table.kindOf(index) }];
  });
}

function endTrace(
  collector: TraceCollector,
  pieces: readonly Uint8Array[],
  startNanos: bigint,
): Trace {
  const endNanos = Number(process.hrtime.bigint() - startNanos);
  collector.end({ endNanos, reason: "completed", message: "" });
  const { trace, problems } = decode(Buffer.concat(pieces), (stored) => stored);
  if (trace === undefined || problems.length > 0) {
    throw new Error(problems.map(({ message }) => message).join("; "));
  }
  return trace;
}
