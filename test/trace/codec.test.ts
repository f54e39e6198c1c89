// What a trace file must survive: everything written is read again, and no input at all makes decode throw.

import assert from "node:assert/strict";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { decode, type Decoded } from "../../src/trace/decode.ts";
import { TraceEncoder } from "../../src/trace/encode.ts";
import { makeBatch, type EventBatch } from "../../src/trace/event-batch.ts";
import { codeOf, eventKinds } from "../../src/trace/event-kind.ts";
import { fileHeader } from "../../src/trace/format.ts";
import { testHeader } from "../support/test-header.ts";

const encoder = new TraceEncoder((bytes) => deflateRawSync(bytes, { level: 1 }));

function read(bytes: Uint8Array): Decoded {
  return decode(bytes, (stored, rawBytes) =>
    inflateRawSync(stored, { maxOutputLength: Math.max(1, rawBytes) }),
  );
}

function batchOf(events: readonly (readonly number[])[]): EventBatch {
  const batch = makeBatch(Math.max(1, events.length));
  for (const [time = 0, small = 0, turn = 0, a = 0, b = 0, c = 0, d = 0] of events) {
    const at = batch.length++;
    batch.time[at] = time;
    // Its fields have no limits: any number is an index.
    batch.code[at] = codeOf("lockOrderEdge");
    batch.small[at] = small;
    batch.turn[at] = turn;
    batch.a[at] = a;
    batch.b[at] = b;
    batch.c[at] = c;
    batch.d[at] = d;
  }
  return batch;
}

function sampleFile(): Buffer {
  const events = Array.from({ length: 500 }, (_, index) => [index * 100, 1, index, index, 2, 3, 4]);
  return Buffer.concat([
    fileHeader(),
    encoder.header(testHeader),
    encoder.rows("strings", ["", "a"]),
    encoder.events(1, batchOf(events), 3),
    encoder.events(1, batchOf(events), 4),
    encoder.footer({ endNanos: 60_000, reason: "completed", message: "" }),
  ]);
}

const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const event = fc.tuple(
  fc.integer({ min: 0, max: 2 ** 50 }),
  fc.integer({ min: 0, max: 2 ** 24 - 1 }),
  int32,
  int32,
  int32,
  int32,
  int32,
);

describe("trace codec", () => {
  it("reads back whatever was written, to the bit", () => {
    fc.assert(
      fc.property(fc.array(event, { minLength: 1, maxLength: 200 }), (events) => {
        const chunk = encoder.events(2, batchOf(events), 0);
        const { trace, problems } = read(
          Buffer.concat([fileHeader(), encoder.header(testHeader), chunk]),
        );
        assert.deepEqual(problems, []);
        const columns = trace?.threads[2]?.events;
        const seen = events.map((_, at) =>
          [columns?.time, columns?.small, columns?.turn, columns?.a, columns?.b]
            .concat(columns?.c, columns?.d)
            .map((column) => column?.[at]),
        );
        assert.deepEqual(seen, events);
      }),
    );
  });

  it("adds up what was dropped and keeps tables and footer", () => {
    const { trace, problems } = read(sampleFile());
    assert.deepEqual(problems, []);
    assert.equal(trace?.threads[1]?.dropped, 7);
    assert.equal(trace?.threads[1]?.events.length, 1000);
    assert.deepEqual(trace?.tables.strings, ["", "a"]);
    assert.equal(trace?.footer?.reason, "completed");
  });

  it("never throws on a cut file and never loses a whole chunk before the cut", () => {
    const file = sampleFile();
    for (let length = 0; length < file.length; length++) {
      const { trace, problems } = read(file.subarray(0, length));
      assert.ok(trace === undefined || trace.footer === undefined, `cut at ${length}`);
      if (trace !== undefined) assert.equal((trace.threads[1]?.events.length ?? 0) % 500, 0);
      else assert.equal(problems.length > 0, true, `cut at ${length} says nothing`);
    }
  });

  it("reports any flipped byte and reads on behind it", () => {
    const file = sampleFile();
    for (let at = 0; at < file.length; at++) {
      const flipped = Buffer.from(file);
      flipped[at] = (flipped[at] ?? 0) ^ 0x41;
      const { trace, problems } = read(flipped);
      assert.ok(problems.length > 0, `byte ${at} flipped unnoticed`);
      if (trace !== undefined) assert.ok((trace.threads[1]?.events.length ?? 0) <= 1000);
    }
  });

  it("never throws on arbitrary bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        read(Buffer.concat([fileHeader(), bytes]));
        read(bytes);
      }),
    );
  });

  it("says what is wrong with an empty file, a foreign file and a newer one", () => {
    assert.match(read(new Uint8Array(0)).problems[0]?.message ?? "", /empty/);
    assert.match(read(Buffer.from("{}")).problems[0]?.message ?? "", /not a Poolscope trace/);
    const newer = Buffer.from(fileHeader());
    newer[7] = 99;
    assert.match(read(newer).problems[0]?.message ?? "", /format 99.*Update/);
    newer[7] = 1;
    assert.match(read(newer).problems[0]?.message ?? "", /format 1, .*profile again/);
  });

  it("passes over kinds that it does not know and says how many", () => {
    const batch = batchOf([[1], [2], [3]]);
    batch.code[1] = 250;
    const { trace, problems } = read(
      Buffer.concat([fileHeader(), encoder.header(testHeader), encoder.events(0, batch, 0)]),
    );
    assert.equal(trace?.threads[0]?.events.length, 2);
    assert.match(problems[0]?.message ?? "", /1 events of kinds/);
  });

  it("gives every kind a code of its own below 256", () => {
    const codes = Object.values(eventKinds).map((kind) => kind.code);
    assert.equal(new Set(codes).size, codes.length);
    assert.ok(codes.every((code) => code > 0 && code < 256));
  });
});
