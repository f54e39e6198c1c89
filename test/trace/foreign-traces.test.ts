// Traces that nobody recorded, behind right checksums: each row, header and footer that is not what it should be is told and stands
// as unknown, the rest is read, and no file makes the reader hold more than the table of budgets says.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { budgets } from "../../src/trace/budgets.ts";
import { decode, type Decoded } from "../../src/trace/decode.ts";
import { TraceEncoder } from "../../src/trace/encode.ts";
import { makeBatch } from "../../src/trace/event-batch.ts";
import { codeOf, type EventKind } from "../../src/trace/event-kind.ts";
import {
  codecDeflate,
  codecNone,
  fileHeader,
  writeChunk,
  type ChunkKind,
} from "../../src/trace/format.ts";
import { headerKind } from "../../src/trace/header-kind.ts";
import { tableKinds } from "../../src/trace/table-kinds.ts";
import type { TableName } from "../../src/trace/tables.ts";
import { longestTime } from "../../src/trace/trace.ts";
import { testHeader } from "../support/test-header.ts";

const encoder = new TraceEncoder((bytes) => deflateRawSync(bytes, { level: 1 }));

function read(...chunks: readonly Uint8Array[]): Decoded {
  return decode(Buffer.concat([fileHeader(), ...chunks]), (stored, rawBytes) =>
    inflateRawSync(stored, { maxOutputLength: Math.max(1, rawBytes) }),
  );
}

function json(kind: ChunkKind, text: string): Uint8Array {
  const raw = Buffer.from(text);
  const header = { kind, codec: codecDeflate, thread: 0, events: 0, firstTime: 0 };
  return writeChunk({ ...header, rawBytes: raw.length }, deflateRawSync(raw, { level: 1 }));
}

const header = encoder.header(testHeader);
const table = (name: TableName, rows: string): Uint8Array =>
  json("table", `{"table":"${name}","rows":${rows}}`);
const messages = ({ problems }: Decoded): string[] => problems.map(({ message }) => message);

function events(
  thread: number,
  kind: EventKind,
  of: readonly { readonly time?: number; readonly small?: number; readonly b?: number }[],
): Uint8Array {
  const batch = makeBatch(of.length);
  for (const { time = 0, small = 0, b = 0 } of of) {
    const at = batch.length++;
    batch.time[at] = time;
    batch.code[at] = codeOf(kind);
    batch.small[at] = small;
    batch.b[at] = b;
  }
  return encoder.events(thread, batch, 0);
}

describe("a header that is not what it should be", () => {
  for (const [what, text, expected] of [
    ["a list", "[]", /header: it is a list of 0, not an object/],
    ["empty", "{}", /header: its model is missing, not one of leader-followers/],
    ["null", "null", /header: it is null, not an object/],
    ["a text", '"x"', /header: it is "x", not an object/],
  ] as const) {
    it(`is told and stands as unknown: ${what}`, () => {
      const decoded = read(json("header", text), table("strings", '["","kept"]'));
      assert.match(messages(decoded).join("\n"), expected);
      assert.deepEqual(decoded.trace?.header, headerKind.unknown);
      assert.deepEqual(decoded.trace.tables.strings, ["", "kept"]);
    });
  }

  it("keeps the fields that are right", () => {
    const fields = { ...testHeader, module: 7, cpuCount: 1e300, nanosPerEvent: -1 };
    const decoded = read(json("header", JSON.stringify(fields)));
    assert.equal(decoded.trace?.header.pool, "test");
    assert.equal(decoded.trace.header.cpuCount, 0);
    assert.match(
      messages(decoded)[0] ?? "",
      /its module is 7, not a text; its nanosPerEvent is -1/,
    );
  });

  it("is the first of several, as is the footer", () => {
    const other = encoder.header({ ...testHeader, module: "other.ts" });
    const ends = (["completed", "stopped"] as const).map((reason) =>
      encoder.footer({ endNanos: 5, reason, message: "" }),
    );
    const decoded = read(...ends, header, other);
    assert.equal(decoded.trace?.header.module, testHeader.module);
    assert.equal(decoded.trace.footer?.reason, "completed");
    assert.equal(messages(decoded).filter((each) => /has a second/.test(each)).length, 2);
  });

  it("has a configuration without what every object has, and not too deep", () => {
    const bad = '{"threads":3,"toString":null,"__proto__":{"x":1},"a":{"valueOf":1,"b":"\\ud800"}}';
    const text = JSON.stringify(testHeader).replace(
      /"configuration":\{[^}]*\}/,
      `"configuration":${bad}`,
    );
    const { configuration } = read(json("header", text)).trace?.header ?? testHeader;
    assert.deepEqual(configuration, { threads: 3, a: { b: "\ufffd" } });
    const deep = `{"a":${"[".repeat(4e5)}${"]".repeat(4e5)}}`;
    const decoded = read(json("header", text.replace(bad, deep)));
    assert.deepEqual(decoded.trace?.header.configuration, {});
    assert.match(messages(decoded).join(), /configuration holds more than 32 objects within/);
  });
});

/** Each is JSON: none of it is right for any field of any table. */
const wrong = [
  "null",
  "[]",
  '{"a":1}',
  "true",
  "1e300",
  "-1e300",
  "0.5",
  "1e999",
  '"\\ud800"',
  "1e9",
];

describe("a row that is not what it should be", () => {
  for (const name of Object.keys(tableKinds) as TableName[]) {
    const kind = tableKinds[name];
    it(`is told and never moves another row: ${name}`, () => {
      const right = JSON.stringify({ ...Object(kind.row.unknown), index: 1, name: "kept" });
      const sound = name === "strings" ? '"kept"' : right;
      for (const row of wrong) {
        if (name === "strings" && row.startsWith('"')) continue;
        const decoded = read(header, table(name, `[${row},${sound}]`));
        const rows = decoded.trace?.tables[name] ?? [];
        assert.equal(rows.length, kind.indexOf === undefined ? 2 : 1, `${name} ${row}`);
        assert.match(messages(decoded)[0] ?? "", new RegExp(`^Row 0 of the table ${name}: it`));
        if (kind.indexOf === undefined) assert.deepEqual(rows[0], kind.row.unknown);
      }
    });

    it(`keeps its other fields, whichever is wrong: ${name}`, () => {
      const unknown: Readonly<Record<string, unknown>> = Object(kind.row.unknown);
      for (const field of name === "strings" ? [] : Object.keys(unknown)) {
        for (const value of wrong) {
          const row = { ...unknown, index: 1, [field]: "@" };
          const text = JSON.stringify(row).replace('"@"', value);
          const decoded = read(header, table(name, `[${text}]`));
          for (const each of decoded.trace?.tables[name] ?? []) {
            assert.deepEqual(kind.row.read(each).fault?.replace(/its index .*/, ""), undefined);
          }
        }
      }
    });
  }

  it("of the same index takes the earlier one's place", () => {
    const rows = ["a", "b"].map((name) => ({ index: 3, name, kind: "mutex" }));
    const { trace, problems } = read(header, table("locks", JSON.stringify(rows)));
    assert.deepEqual(problems, []);
    assert.deepEqual(trace?.tables.locks, [{ index: 3, name: "b", kind: "mutex" }]);
  });

  it("is whatever JSON there is", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(tableKinds)), fc.json(), (name, text) => {
        read(header, json("table", `{"table":"${name}","rows":${text}}`));
        read(header, json("table", `{"table":"${name}","rows":[${text},${text}]}`));
        read(json("header", text), json("footer", text), json("table", text));
      }),
    );
  });
});

describe("events that no run has", () => {
  it("are passed over where their time is none, and told", () => {
    for (const time of [Number.NaN, Infinity, -1, 1e300, longestTime + 1, -1e300]) {
      const body = encoder.events(1, { ...makeBatch(1), length: 1 }, 0).subarray(32);
      const chunk = {
        kind: "events",
        codec: codecNone,
        thread: 1,
        events: 1,
        firstTime: time,
      } as const;
      const sound = body.slice();
      sound[2] = codeOf("mark");
      const decoded = read(header, writeChunk({ ...chunk, rawBytes: sound.length }, sound));
      assert.equal(decoded.trace?.threads[1]?.events.length, 0, String(time));
      assert.equal(decoded.trace.endNanos, 0);
      assert.match(
        messages(decoded)[0] ?? "",
        /^1 events before the trace's start, or more than 104/,
      );
    }
  });

  it("have 0 where a field is out of its limits, and that is told", () => {
    const decoded = read(header, events(0, "roleChanged", [{ b: 1e9 }, { b: 2 }, { b: -5000 }]));
    assert.deepEqual([...(decoded.trace?.threads[0]?.events.b ?? [])], [0, 2, 0]);
    assert.match(messages(decoded)[0] ?? "", /^2 fields of events are out of their limits/);
  });

  it("are passed over where their thread is none", () => {
    const decoded = read(header, events(65_535, "mark", [{}]), events(1023, "mark", [{}]));
    assert.equal(decoded.trace?.threads.length, 1024);
    assert.match(messages(decoded)[0] ?? "", /^A chunk of thread 65535 was passed over/);
  });
});

describe("what a file may make its reader hold", () => {
  it("is in the format's document", () => {
    const document = readFileSync("docs/trace-format.md", "utf8");
    const numbers = Object.values({ ...budgets, ...budgets.rows }).filter(
      (each) => typeof each === "number",
    );
    for (const number of numbers) {
      const words = [number.toLocaleString("en-US"), `${number / 2 ** 20} MiB`];
      assert.ok(
        words.some((each) => document.includes(each)),
        `${number} is not in docs/trace-format.md`,
      );
    }
  });

  it("is what the budgets say, of rows", () => {
    for (const name of Object.keys(tableKinds) as TableName[]) {
      const most = budgets.rows[name];
      const decoded = read(header, table(name, `[${"0,".repeat(most + 5)}0]`));
      assert.ok((decoded.trace?.tables[name].length ?? 0) <= most);
      assert.match(messages(decoded).join("\n"), new RegExp(`The table ${name} has more than`));
    }
  });

  it("is what the budgets say, of bytes in tables", () => {
    const wide = table(
      "sources",
      `[${" ".repeat(40 * 2 ** 20)}{"path":"a","sha256":"","text":""}]`,
    );
    const decoded = read(header, wide, wide, table("strings", '["kept"]'));
    assert.equal(decoded.trace?.tables.sources.length, 1);
    assert.deepEqual(decoded.trace.tables.strings, ["kept"]);
    assert.match(
      messages(decoded).join(),
      /tables are larger than 64\.0 MiB; 40\.0 MiB were left out/,
    );
  });

  it("is what the budgets say, of values and of a header", () => {
    const many = read(header, table("locks", `[${"{},".repeat(budgets.jsonValues)}{}]`));
    assert.match(messages(many)[0] ?? "", /too many values/);
    const long = read(json("header", JSON.stringify({ ...testHeader, root: "x".repeat(2 ** 21) })));
    assert.match(messages(long).join(), /its header has 2\.0 MiB/);
  });

  it("is never more than a chunk says that it holds", () => {
    const raw = Buffer.alloc(2 ** 20);
    const chunk = {
      kind: "table",
      codec: codecDeflate,
      thread: 0,
      events: 0,
      firstTime: 0,
    } as const;
    for (const rawBytes of [0, 1, 2 ** 19, 2 ** 21]) {
      const decoded = read(header, writeChunk({ ...chunk, rawBytes }, deflateRawSync(raw)));
      assert.match(messages(decoded)[0] ?? "", /^A chunk could not be read/);
    }
  });

  it("is the first problems, and how many more there are", () => {
    const decoded = read(header, table("sites", `[${"null,".repeat(999)}null]`));
    assert.equal(decoded.problems.length, budgets.problems + 1);
    assert.equal(messages(decoded).at(-1), "And 900 more problems like these.");
  });

  it("is the first events, and how many there are", () => {
    const chunk = { kind: "events", codec: codecDeflate, thread: 1, firstTime: 0 } as const;
    const claimed = budgets.events / 2;
    const raw = Buffer.alloc(claimed * 8 + 1);
    raw.fill(codeOf("mark"), 1 + claimed, 1 + 2 * claimed);
    const body = deflateRawSync(raw, { level: 1 });
    const one = writeChunk({ ...chunk, events: claimed, rawBytes: raw.length }, body);
    const decoded = read(header, one, one, one, events(2, "mark", [{}]));
    assert.equal(decoded.trace?.threads[1]?.events.length, budgets.events);
    assert.equal(decoded.trace.threads.length, 2);
    assert.equal(decoded.trace.threads[1].dropped, claimed);
    assert.match(
      messages(decoded)[0] ?? "",
      /^Shows the first 4,000,000 events of 6,000,001; record/,
    );
  });

  it("is searched for chunks only so long", () => {
    const claim = writeChunk(
      { kind: "table", codec: codecNone, thread: 0, events: 0, firstTime: 0, rawBytes: 0 },
      Buffer.alloc(0),
    );
    const file = Buffer.concat(Array.from({ length: 30_000 }, () => claim));
    for (let at = 0; at < file.length; at += claim.length) {
      file.writeUInt32LE(file.length - at - claim.length, at + 24);
    }
    assert.match(messages(read(file)).join("\n"), /damaged throughout/);
  });
});
