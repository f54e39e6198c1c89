// Counts a web server's access log: each event is a range of bytes, read from disk with a promise
// and parsed on the processor. Counts by status are added with Atomics, bytes by page under a
// lock. The log is written once, 50 MB.

import { type FileHandle, open } from "node:fs/promises";
import { fileURLToPath } from "node:url";

import type { EventRequest, Handler, HandlerContext } from "poolscope";

import { ensureLog, pages } from "./access-log.ts";

interface Range {
  readonly start: number;
  readonly end: number;
}

const logFile = fileURLToPath(new URL("access.log", import.meta.url));
const rangeBytes = 128 * 1024;
const longestLine = 512;
const newline = 10;
const linePattern = /"GET (\S+) HTTP\/1\.1" (\d{3}) (\d+)/;

export const ingest: Handler<Range, number> = async (event, ctx) => {
  const lines = linesOf(await read(ctx, event.payload), event.payload);
  const bytesByPage = countLines(ctx, lines);
  addToTotals(ctx, bytesByPage);
  return lines.length;
};

export async function teardown(ctx: HandlerContext): Promise<void> {
  await (await file(ctx)).close();
}

export function* workload(): Generator<EventRequest> {
  const size = ensureLog(logFile);
  for (let start = 0; start < size; start += rangeBytes) {
    yield {
      type: "ingest",
      payload: { start, end: Math.min(start + rangeBytes, size) },
      priority: 0,
    };
  }
}

function file(ctx: HandlerContext): Promise<FileHandle> {
  return ctx.threadLocal("log", () => open(logFile, "r"));
}

/** The range with one byte before it and the rest of its last line after it. */
async function read(ctx: HandlerContext, { start, end }: Range): Promise<Buffer> {
  const from = Math.max(0, start - 1);
  const buffer = Buffer.allocUnsafe(end - from + longestLine);
  const { bytesRead } = await (await file(ctx)).read(buffer, 0, buffer.length, from);
  return buffer.subarray(0, bytesRead);
}

/** A line belongs to the range that it begins in, so that each line is counted once. */
function linesOf(buffer: Buffer, { start, end }: Range): string[] {
  const before = start === 0 ? 0 : 1;
  const first = start === 0 ? 0 : buffer.indexOf(newline) + 1;
  const lastByte = before + (end - start) - 1;
  const last = buffer.indexOf(newline, lastByte);
  const text = buffer.toString("latin1", first, last === -1 ? buffer.length : last);
  return text === "" ? [] : text.split("\n");
}

function countLines(ctx: HandlerContext, lines: readonly string[]): Map<string, number> {
  const statuses = ctx.shared("statuses", Int32Array, 600);
  const bytesByPage = new Map<string, number>();
  for (const line of lines) {
    const [, page = "", status = "0", bytes = "0"] = linePattern.exec(line) ?? [];
    Atomics.add(statuses, Number(status), 1);
    bytesByPage.set(page, (bytesByPage.get(page) ?? 0) + Number(bytes));
  }
  return bytesByPage;
}

function addToTotals(ctx: HandlerContext, bytesByPage: ReadonlyMap<string, number>): void {
  const totals = ctx.shared("bytes by page", Float64Array, pages.length);
  ctx.mutex("totals").run(() => {
    pages.forEach((page, i) => {
      totals[i] = (totals[i] ?? 0) + (bytesByPage.get(page) ?? 0);
    });
  });
}
