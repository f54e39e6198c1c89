// From the file's bytes to a trace. Never throws on input: what can't be read becomes a problem, and reading goes on at the
// next chunk. A file that still grows reads to its last whole chunk.

import { decodeEvents } from "./decode-events.ts";
import { joinColumns } from "./event-batch.ts";
import {
  codecDeflate,
  codecNone,
  fileHeaderBytes,
  fileMark,
  findChunk,
  readChunk,
  traceVersion,
  type ChunkHeader,
} from "./format.ts";
import type { TraceFooter, TraceHeader } from "./header.ts";
import { headerWithoutSecrets, rowsWithoutSecrets, withoutCredentialsIn } from "./secrets.ts";
import type { TableName, Tables } from "./tables.ts";
import type { EventColumns, Trace, TraceProblem } from "./trace.ts";

/** `rawBytes` is what must come out; may throw on damaged input. */
export type Inflate = (bytes: Uint8Array, rawBytes: number) => Uint8Array;

export interface Decoded {
  /** Undefined when nothing of it could be read. */
  readonly trace: Trace | undefined;
  readonly problems: readonly TraceProblem[];
}

interface Collected {
  readonly problems: TraceProblem[];
  readonly pieces: Map<number, EventColumns[]>;
  readonly dropped: Map<number, number>;
  readonly tables: { [Name in TableName]: Tables[Name][number][] };
  header: TraceHeader | undefined;
  footer: TraceFooter | undefined;
}

export function decode(bytes: Uint8Array, inflate: Inflate): Decoded {
  const refusal = refusalOf(bytes);
  if (refusal !== undefined)
    return { trace: undefined, problems: [{ message: refusal, offset: 0 }] };
  const collected = emptyCollection();
  for (let at = fileHeaderBytes; at < bytes.length;) {
    const chunk = readChunk(bytes, at);
    if (chunk.kind === "whole") {
      readBody(collected, chunk.header, chunk.body, at, inflate);
      at = chunk.next;
    } else if (chunk.kind === "unknown") {
      const message = `A chunk of unknown kind ${chunk.code} was passed over.`;
      collected.problems.push({ message, offset: at });
      at = chunk.next;
    } else at = resync(collected, bytes, at, chunk.kind);
  }
  return assemble(collected);
}

/** Why these bytes are no trace that this version can read. */
function refusalOf(bytes: Uint8Array): string | undefined {
  if (bytes.length === 0) return "The trace is empty: the run ended before anything was written.";
  if (fileMark.some((byte, index) => bytes[index] !== byte)) {
    return "This is not a Poolscope trace: it does not begin with POOLTRC.";
  }
  const version = bytes[fileMark.length] ?? 0;
  if (version === traceVersion) return undefined;
  if (version < traceVersion) {
    return `The trace has format ${version}, which was never released; profile again.`;
  }
  return `The trace has format ${version}; this Poolscope reads up to ${traceVersion}. Update Poolscope.`;
}

function emptyCollection(): Collected {
  return {
    problems: [],
    pieces: new Map(),
    dropped: new Map(),
    tables: {
      strings: [],
      sites: [],
      locks: [],
      handlers: [],
      threads: [],
      sources: [],
      ports: [],
      tasks: [],
      unseen: [],
    },
    header: undefined,
    footer: undefined,
  };
}

function resync(
  collected: Collected,
  bytes: Uint8Array,
  at: number,
  kind: "cut" | "damaged",
): number {
  const next = findChunk(bytes, at + 1);
  if (kind === "cut" && next === -1) {
    const message = `The trace ends in the middle of a chunk; its last ${bytes.length - at} bytes are lost.`;
    collected.problems.push({ message, offset: at });
    return bytes.length;
  }
  const end = next === -1 ? bytes.length : next;
  const message = `Damaged bytes ${at} to ${end} were passed over.`;
  collected.problems.push({ message, offset: at });
  return end;
}

function readBody(
  collected: Collected,
  header: ChunkHeader,
  stored: Uint8Array,
  offset: number,
  inflate: Inflate,
): void {
  try {
    const raw = unpack(header, stored, inflate);
    if (header.kind === "events") return readEvents(collected, header, raw, offset);
    readJson(collected, header, JSON.parse(new TextDecoder().decode(raw)) as unknown);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    collected.problems.push({ message: `A chunk could not be read: ${why}`, offset });
  }
}

function unpack(header: ChunkHeader, stored: Uint8Array, inflate: Inflate): Uint8Array {
  if (header.codec === codecNone) return stored;
  if (header.codec !== codecDeflate) throw new Error(`its codec ${header.codec} is unknown`);
  return inflate(stored, header.rawBytes);
}

function readEvents(
  collected: Collected,
  header: ChunkHeader,
  raw: Uint8Array,
  offset: number,
): void {
  const { columns, dropped, unknown, problem } = decodeEvents(raw, header);
  if (problem !== undefined) collected.problems.push({ message: problem, offset });
  if (unknown > 0) {
    const message = `${unknown} events of kinds that this version does not know were passed over.`;
    collected.problems.push({ message, offset });
  }
  const pieces = collected.pieces.get(header.thread) ?? [];
  pieces.push(columns);
  collected.pieces.set(header.thread, pieces);
  const before = collected.dropped.get(header.thread) ?? 0;
  collected.dropped.set(header.thread, before + dropped);
}

function readJson(collected: Collected, header: ChunkHeader, value: unknown): void {
  if (typeof value !== "object" || value === null) throw new Error("it holds no object");
  if (header.kind === "header") collected.header = headerWithoutSecrets(value as TraceHeader);
  else if (header.kind === "footer") {
    collected.footer = withoutCredentialsIn(value as TraceFooter);
  } else appendRows(collected, value);
}

function appendRows(collected: Collected, value: object): void {
  const { table, rows } = value as { readonly table?: unknown; readonly rows?: unknown };
  if (typeof table !== "string" || !Object.hasOwn(collected.tables, table)) {
    throw new Error(`it belongs to the unknown table ${String(table)}`);
  }
  if (!Array.isArray(rows)) throw new Error(`table ${table} has no rows`);
  const into: unknown[] = collected.tables[table as TableName];
  const safe = rowsWithoutSecrets(table as TableName, rows as unknown[]);
  for (const row of safe) into.push(row);
}

function assemble(collected: Collected): Decoded {
  const { header, footer, tables, problems } = collected;
  if (header === undefined) {
    problems.push({ message: "The trace's header is missing or damaged; nothing can be shown." });
    return { trace: undefined, problems };
  }
  const last = Math.max(-1, ...collected.pieces.keys(), ...tables.threads.map((row) => row.index));
  const threads = Array.from({ length: last + 1 }, (_, thread) => ({
    thread,
    events: joinColumns(collected.pieces.get(thread) ?? []),
    dropped: collected.dropped.get(thread) ?? 0,
  }));
  let endNanos = footer?.endNanos ?? 0;
  for (const { events } of threads) {
    for (const time of events.time) if (time > endNanos) endNanos = time;
  }
  return { trace: { header, footer, tables, threads, endNanos }, problems };
}
