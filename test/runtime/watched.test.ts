// What is seen of handlers that block by themselves and know nothing of Poolscope: calls, raw waits, payloads.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { lockUseOf } from "../../src/analysis/waits.ts";
import { codeOf, type EventKind } from "../../src/trace/event-kind.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { startTracedPool } from "../support/traced-pool.ts";

const watched = resolve("test/fixtures/handlers/watched.ts");

interface Seen {
  readonly time: number;
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

function seen(trace: Trace, kind: EventKind): Seen[] {
  return trace.threads.flatMap(({ events }) => {
    const found: Seen[] = [];
    for (let index = 0; index < events.length; index++) {
      if (events.code[index] !== codeOf(kind)) continue;
      const { time, a, b, c } = events;
      found.push({ time: time[index] ?? 0, a: a[index] ?? 0, b: b[index] ?? 0, c: c[index] ?? 0 });
    }
    return found;
  });
}

const text = readFileSync(watched, "utf8").split("\n");
/** From 1. */
const line = (piece: string): number => 1 + text.findIndex((each) => each.includes(piece));

const lineOf = (trace: Trace, site: number): number => trace.tables.sites[site]?.line ?? 0;

async function traceOf(
  types: readonly string[],
  threads: number,
  payload?: unknown,
): Promise<Trace> {
  const { pool, end } = await startTracedPool({ threads }, watched);
  for (const type of types) await pool.submit({ type, payload });
  await pool.close();
  return end();
}

describe("a watched handler", () => {
  it("shows the call that blocks its thread, with its length and its line", async () => {
    const trace = await traceOf(["child"], 1);
    const [start, ...others] = seen(trace, "blockingCallStarted");
    const [end] = seen(trace, "blockingCallEnded");
    assert.ok(start !== undefined && end !== undefined);
    assert.deepEqual(others, [], "what the call itself calls is no call of the person's");
    assert.equal(trace.tables.strings[start.a], "execFileSync");
    assert.equal(lineOf(trace, start.b), line("execFileSync("));
    assert.ok(end.time - start.time >= 50e6);
  });

  it("shows no order between the locks of two turns that hold one each", async () => {
    const { pool, end } = await startTracedPool({ threads: 1, concurrentEvents: 2 }, watched);
    await Promise.all([1, 2].map((payload) => pool.submit({ type: "overlap", payload })));
    await pool.close();
    assert.deepEqual(seen(end(), "lockOrderEdge"), []);
  });

  it("shows calls of the file system, also those under another name", async () => {
    const trace = await traceOf(["file", "alias"], 1);
    const calls = seen(trace, "blockingCallStarted").map(({ a, b }) => [
      trace.tables.strings[a],
      lineOf(trace, b),
    ]);
    assert.deepEqual(calls, [
      ["writeFileSync", line("writeFileSync(")],
      ["readFileSync", line("return readFileSync(")],
      ["readFileSync", line("renamed(")],
    ]);
  });

  it("shows what a large payload and result cost, and nothing of a small one", async () => {
    const large = await traceOf(["echo"], 1, { text: "x".repeat(100_000) });
    for (const kind of ["payloadEncoded", "payloadDecoded"] as const) {
      const [cost] = seen(large, kind);
      assert.ok(cost !== undefined && cost.b > 100_000 && cost.c > 1000, kind);
    }
    assert.equal(seen(large, "payloadEncoded").length, 2);
    const small = await traceOf(["echo"], 1, { text: "x" });
    assert.deepEqual(seen(small, "payloadDecoded"), []);
  });

  it("shows a wait on its own word, who was waited for, and both lines", async () => {
    const { pool, end } = await startTracedPool({ threads: 2 }, watched);
    await Promise.all(Array.from({ length: 6 }, () => pool.submit({ type: "hold" })));
    await pool.close();
    const trace = end();
    const use = lockUseOf(trace);
    const foreign = trace.tables.locks.filter(({ kind }) => kind === "foreign");
    const waitLine = line("Atomics.wait(");
    assert.deepEqual(
      foreign.map(({ name }) => name),
      [`Atomics.wait at watched.ts:${waitLine}`],
    );
    const waits = use.waits.filter(({ lock }) => lock === foreign[0]?.index);
    const holds = use.holds.filter(({ lock }) => lock === foreign[0]?.index);
    assert.ok(waits.length > 0);
    for (const wait of waits) {
      assert.equal(lineOf(trace, wait.site), waitLine);
      assert.equal(wait.outcome, "acquired");
      const culprit = holds.find(
        ({ acquisition }) => acquisition === wait.segments[0]?.acquisition,
      );
      assert.ok(culprit !== undefined, "the wait joins a hold");
      assert.equal(lineOf(trace, culprit.site), line("Atomics.notify("));
      assert.notEqual(culprit.thread, wait.thread);
    }
  });

  it("shows the true line of an acquire that waits, though another call's mark is in its way", async () => {
    const { pool, end } = await startTracedPool({ threads: 2 }, watched);
    // Of a pair that met, one may lose its processor for longer than the other holds the lock.
    for (const payload of [1, 2, 3, 4]) {
      const event = { type: "unmarked", payload };
      await Promise.all([pool.submit(event), pool.submit(event)]);
    }
    await pool.close();
    const trace = end();
    const [wait] = seen(trace, "lockWaitStarted").filter(
      ({ a }) => trace.tables.locks.find(({ index }) => index === a)?.name === "unmarked",
    );
    assert.ok(wait !== undefined);
    assert.equal(lineOf(trace, wait.b), line('["acquire"]'));
  });
});
