// From the file's bytes to a trace. Never throws on input, and holds no more than budgets.ts says: what can't be read becomes a
// problem, and reading goes on at the next chunk. A file that still grows reads to its last whole chunk. Of several headers, or
// footers, the first one counts; tables and events are appended in the order of their chunks.

import { budgets, mostEvents } from "./budgets.ts";
import { EventReader } from "./event-reader.ts";
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
import { footerKind, headerKind } from "./header-kind.ts";
import type { TraceFooter, TraceHeader } from "./header.ts";
import { jsonOf } from "./json-body.ts";
import { ProblemList } from "./problem-list.ts";
import { headerWithoutSecrets, withoutCredentialsIn } from "./secrets.ts";
import { SealSearch, type FoundSeal } from "./seal.ts";
import { TableReader } from "./table-reader.ts";
import type { Trace, TraceProblem } from "./trace.ts";
import { told, type ValueKind } from "./value-kind.ts";

/** `rawBytes` is what must come out, and no more may; may throw on damaged input. */
export type Inflate = (bytes: Uint8Array, rawBytes: number) => Uint8Array;

export interface Decoded {
  /** Undefined when nothing of it could be read. */
  readonly trace: Trace | undefined;
  readonly problems: readonly TraceProblem[];
  readonly seal: FoundSeal;
}

export function decode(bytes: Uint8Array, inflate: Inflate): Decoded {
  const refusal = refusalOf(bytes);
  if (refusal !== undefined)
    return {
      trace: undefined,
      problems: [{ message: refusal, offset: 0 }],
      seal: { covered: [], at: undefined },
    };
  const reader = new Reader(bytes, inflate);
  for (let at = fileHeaderBytes; at < bytes.length;) at = reader.readAt(at);
  return { ...reader.assemble(), seal: reader.seal.found(bytes.length) };
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

class Reader {
  readonly seal = new SealSearch();
  readonly #bytes: Uint8Array;
  readonly #inflate: Inflate;
  readonly #problems = new ProblemList();
  readonly #tables = new TableReader(this.#problems);
  readonly #events: EventReader;
  #header: TraceHeader | undefined;
  #footer: TraceFooter | undefined;
  #tableBytes = 0;
  #tableBytesLeftOut = 0;
  /** Bytes whose checksum was computed and was not right. */
  #searched = 0;

  constructor(bytes: Uint8Array, inflate: Inflate) {
    this.#bytes = bytes;
    this.#inflate = inflate;
    this.#events = new EventReader(this.#problems, mostEvents(bytes.length));
  }

  /** Reads what is there; returns where to go on. */
  readAt(at: number): number {
    const chunk = readChunk(this.#bytes, at);
    if (chunk.kind === "whole" || chunk.kind === "unknown") this.seal.see(at, chunk);
    switch (chunk.kind) {
      case "whole":
        this.#readBody(chunk.header, chunk.body, at);
        return chunk.next;
      case "unknown":
        this.#problems.add(`A chunk of unknown kind ${chunk.code} was passed over.`, at);
        return chunk.next;
      case "damaged":
        this.#searched += chunk.checked;
        return this.#resync(at, "damaged");
      case "cut":
        return this.#resync(at, "cut");
    }
  }

  assemble(): Omit<Decoded, "seal"> {
    const { tables } = this.#tables;
    this.#tables.close();
    const lastRow = tables.threads.reduce((last, { index }) => Math.max(last, index), -1);
    const threads = this.#events.close(lastRow);
    if (this.#tableBytesLeftOut > 0) {
      const [most, more] = [budgets.tableBytes, this.#tableBytesLeftOut].map(mebibytes);
      this.#problems.leftOut(`The trace's tables are larger than ${most}; ${more} were left out.`);
    }
    if (this.#header === undefined) {
      const message = "The trace's header is missing or damaged; nothing can be shown.";
      // First, as it says most: what else is wrong comes after it.
      return { trace: undefined, problems: [{ message }, ...this.#problems.all()] };
    }
    const footer = this.#footer;
    let endNanos = this.#events.isWhole ? (footer?.endNanos ?? 0) : 0;
    for (const { events } of threads) {
      for (const time of events.time) if (time > endNanos) endNanos = time;
    }
    const trace: Trace = { header: this.#header, footer, tables, threads, endNanos };
    return { trace, problems: this.#problems.all() };
  }

  #resync(at: number, kind: "cut" | "damaged"): number {
    const { length } = this.#bytes;
    const next = findChunk(this.#bytes, at + 1);
    if (kind === "cut" && next === -1) {
      const message = `The trace ends in the middle of a chunk; its last ${length - at} bytes are lost.`;
      this.#problems.add(message, at);
      return length;
    }
    if (this.#searched > budgets.searches * length) {
      const message = `The trace is damaged throughout; its last ${length - at} bytes were not read.`;
      this.#problems.leftOut(message);
      return length;
    }
    const end = next === -1 ? length : next;
    this.#problems.add(`Damaged bytes ${at} to ${end} were passed over.`, at);
    return end;
  }

  #readBody(header: ChunkHeader, stored: Uint8Array, offset: number): void {
    const unpack = (): Uint8Array => unpacked(header, stored, this.#inflate);
    try {
      switch (header.kind) {
        case "events":
          return this.#events.append(header, offset, unpack);
        case "table":
          return this.#readTable(header, unpack, offset);
        case "header":
          if (this.#header !== undefined) return this.#again("header", offset);
          this.#header = headerWithoutSecrets(this.#record(header, headerKind, unpack, offset));
          return;
        case "footer":
          if (this.#footer !== undefined) return this.#again("footer", offset);
          this.#footer = withoutCredentialsIn(this.#record(header, footerKind, unpack, offset));
          return;
        case "seal":
          // Looked for on the way, by its bytes: it holds nothing to be shown.
          return;
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#problems.add(`A chunk could not be read: ${why}`, offset);
    }
  }
  #again(kind: string, offset: number): void {
    this.#problems.add(`The trace has a second ${kind}, which was passed over.`, offset);
  }

  #record<T>(
    { kind, rawBytes }: ChunkHeader,
    of: ValueKind<T>,
    unpack: () => Uint8Array,
    offset: number,
  ): T {
    if (rawBytes > budgets.headerBytes) throw new Error(`its ${kind} has ${mebibytes(rawBytes)}`);
    const { value, fault } = of.read(jsonOf(unpack()));
    if (fault !== undefined) this.#problems.add(`The trace's ${kind}: ${told(fault)}.`, offset);
    return value;
  }

  #readTable({ rawBytes }: ChunkHeader, unpack: () => Uint8Array, offset: number): void {
    if (this.#tableBytes + rawBytes > budgets.tableBytes) {
      this.#tableBytesLeftOut += rawBytes;
      return;
    }
    this.#tableBytes += rawBytes;
    this.#tables.append(jsonOf(unpack()), offset);
  }
}

function unpacked(header: ChunkHeader, stored: Uint8Array, inflate: Inflate): Uint8Array {
  const raw = header.codec === codecNone ? stored : inflated(header, stored, inflate);
  if (raw.length === header.rawBytes) return raw;
  throw new Error(`it has ${raw.length} bytes where it says ${header.rawBytes}`);
}

function inflated(header: ChunkHeader, stored: Uint8Array, inflate: Inflate): Uint8Array {
  if (header.codec !== codecDeflate) throw new Error(`its codec ${header.codec} is unknown`);
  return inflate(stored, header.rawBytes);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
