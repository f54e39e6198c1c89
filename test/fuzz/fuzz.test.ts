// Traces that were mutated behind right checksums, shown by every face: nothing throws, hangs or grows. Each kind of input that once
// did is here for good, by its number or as a row; CI fuzzes further (`npm run bench -- fuzz`).

import assert from "node:assert/strict";
import { inflateRawSync } from "node:zlib";
import { analyze } from "../../src/analysis/analyze.ts";
import { decode } from "../../src/trace/decode.ts";
import { makeBatch, type EventBatch } from "../../src/trace/event-batch.ts";
import { codeOf, type EventKind } from "../../src/trace/event-kind.ts";
import type { TableName } from "../../src/trace/tables.ts";
import { showEverywhere } from "./every-face.ts";
import { fuzzedTrace } from "./fuzz.ts";
import { eventsPiece } from "./mutate.ts";
import { fileOf, piecesOf, withRaw, type Piece } from "./pieces.ts";
import { seedTraces } from "./seeds.ts";

const [sound = new Uint8Array(0)] = seedTraces();
const trace = decode(sound, (stored) => inflateRawSync(stored)).trace;
assert.ok(trace !== undefined);
const other = analyze(trace);

function withJson(kind: "header" | "footer" | TableName, text: string): Uint8Array {
  const isMeant = ({ header, raw }: Piece): boolean =>
    header.kind === kind ||
    (header.kind === "table" && new TextDecoder().decode(raw).startsWith(`{"table":"${kind}"`));
  const rows = kind === "header" || kind === "footer" ? text : `{"table":"${kind}","rows":${text}}`;
  return fileOf(
    piecesOf(sound).map((piece) =>
      isMeant(piece) ? withRaw(piece, new TextEncoder().encode(rows)) : piece,
    ),
  );
}

/** A trace of the sound one's tables with so many events of thread 1, each made from its number. */
function withEvents(
  count: number,
  kindOf: (index: number) => EventKind,
  of: (index: number) => Partial<Record<"time" | "small" | "turn" | "a" | "b" | "c" | "d", number>>,
): Uint8Array {
  const batch: EventBatch = makeBatch(count);
  for (let index = 0; index < count; index++) {
    batch.time[index] = index * 1000;
    batch.code[index] = codeOf(kindOf(index));
    for (const [name, value] of Object.entries(of(index))) {
      batch[name as "time"][index] = value;
    }
  }
  batch.length = count;
  const tables = piecesOf(sound).filter(({ header }) => header.kind !== "events");
  return fileOf([...tables, eventsPiece(1, batch, 0)]);
}

const texts: readonly (readonly [Parameters<typeof withJson>[0], string])[] = [
  ["header", "[]"],
  ["header", "{}"],
  ["header", '{"configuration":{"promotion":{"toString":null},"when":{"valueOf":1,"toString":2}}}'],
  ["header", '{"configuration":{"arrival":{"inFlight":{"toString":null}},"rules":[[]]}}'],
  ["header", '{"model":"leader-followers","module":7,"root":"a\\u0000b","nodeVersion":null}'],
  ["footer", '{"endNanos":1e300,"reason":"x","message":[]}'],
  ["footer", '{"endNanos":-1}'],
  ["strings", '[null,1,{},["a"]]'],
  ["sites", '[null,{"source":1e300,"file":7,"line":-1,"column":0.5,"function":null}]'],
  ["sites", '[{"source":0,"file":"\\ud800","line":1,"column":1e9,"function":"__proto__"}]'],
  ["locks", '[null,{"index":1e300,"name":"a","kind":"mutex"},{"index":1}]'],
  ["locks", '[{"index":262143,"name":"a","kind":"mutex"}]'],
  ["handlers", '[null,{"name":"__proto__","site":1e9},{"name":"toString","site":-1}]'],
  ["threads", '[null,{"index":1e300},{"index":1e9,"kind":"pool"},{"index":-1,"kind":"pool"}]'],
  [
    "threads",
    `[${Array.from({ length: 1024 }, (_, index) => `{"index":${index},"kind":"pool"}`).join()}]`,
  ],
  [
    "sources",
    `[{"path":"handlers.mjs","sha256":"","text":"${`${" ".repeat(400_000)}x\\n`.repeat(3)}"}]`,
  ],
  ["sources", '[null,{"path":"handlers.mjs","text":7},{"path":"","sha256":"","text":"(((("}]'],
];

const many = 30_000;
/** What was once met by a loop over all the others, or given to Math.max at once. */
const shapes: readonly (readonly [string, () => Uint8Array])[] = [
  [
    "turns that wait, all suspended",
    () =>
      withEvents(
        many,
        (index) => (index % 2 === 0 ? "handlerSuspended" : "lockWaitStarted"),
        (index) => ({ turn: index >> 1 }),
      ),
  ],
  [
    "waits for as many locks",
    () =>
      withEvents(
        many,
        (index) => (index % 2 === 0 ? "lockWaitStarted" : "lockWaitEnded"),
        (index) => ({ a: index >> 1 }),
      ),
  ],
  [
    "holds of as many locks within each other",
    () =>
      withEvents(
        many,
        (index) => (index < many / 2 ? "lockAcquired" : "lockReleased"),
        (index) => ({ a: index % (many / 2), d: 1 }),
      ),
  ],
  [
    "orders of as many locks at once",
    () =>
      withEvents(
        many,
        () => "lockOrderEdge",
        (index) => ({ a: index, c: 1 }),
      ),
  ],
  [
    "waits that were refused",
    () =>
      withEvents(
        many,
        (index) => (index % 2 === 0 ? "lockWaitStarted" : "lockWaitEnded"),
        (index) => ({ turn: index >> 1, c: 2, small: index % 2 === 0 ? 0 : 3 }),
      ),
  ],
  [
    "waits that never end",
    () =>
      withEvents(
        many,
        () => "lockWaitStarted",
        (index) => ({ turn: index, a: index % 7, c: 2 }),
      ),
  ],
  [
    "deaths and new starts",
    () =>
      withEvents(
        many,
        (index) => (index % 2 === 0 ? "threadCrashed" : "threadStarted"),
        () => ({ small: 1 }),
      ),
  ],
  [
    "runs without an end",
    () =>
      withEvents(
        many,
        (index) => (index % 2 === 0 ? "handlerStarted" : "threadCrashed"),
        (index) => ({ small: 1, a: index, turn: index }),
      ),
  ],
  [
    "handlers that nobody declared",
    () =>
      withEvents(
        many,
        (index) => (index % 2 === 0 ? "handlerStarted" : "handlerEnded"),
        (index) => ({ a: index >> 1, b: index >> 1 }),
      ),
  ],
  [
    "events with high numbers",
    () =>
      withEvents(
        many,
        () => "eventSubmitted",
        (index) => ({ a: 2 ** 31 - 1 - index, small: index }),
      ),
  ],
  [
    "leaders of as many handle sets",
    () =>
      withEvents(
        many,
        () => "roleChanged",
        (index) => ({ small: index % 4, b: index, c: index }),
      ),
  ],
  [
    "conditions that many are woken at",
    () =>
      withEvents(
        many,
        (index) =>
          (["conditionWaitStarted", "conditionWaitEnded", "conditionNotified"] as const)[
            index % 3
          ] ?? "mark",
        (index) => ({ a: index % 50, d: 5 }),
      ),
  ],
  [
    "waits that last through all holds of their lock",
    () =>
      withEvents(
        many,
        (index) =>
          (["lockWaitStarted", "lockAcquired", "lockReleased"] as const)[index % 3] ?? "mark",
        (index) => ({ a: 1, turn: index - (index % 3 === 2 ? 1 : 0), d: Math.floor(index / 3) }),
      ),
  ],
  [
    "garbage collections below nothing",
    () =>
      withEvents(
        many,
        () => "garbageCollected",
        () => ({ a: -1 }),
      ),
  ],
  [
    "collections by the hundred thousand",
    () =>
      withEvents(
        200_000,
        () => "garbageCollected",
        () => ({ a: 1 }),
      ),
  ],
  [
    "blocking calls in one turn",
    () =>
      withEvents(
        many,
        (index) => (index % 2 === 0 ? "blockingCallStarted" : "blockingCallEnded"),
        (index) => ({ a: index >> 1 }),
      ),
  ],
  [
    "a last event after 104 days",
    () =>
      withEvents(
        many,
        () => "mark",
        (index) => ({ time: index === many - 1 ? 2 ** 53 - 1 : index }),
      ),
  ],
];

describe("a trace mutated behind right checksums", () => {
  for (const [kind, text] of texts) {
    it(`is shown by every face: ${kind} ${text.slice(0, 60)}`, () => {
      showEverywhere(withJson(kind, text), other);
    });
  }

  for (const [what, made] of shapes) {
    it(`is shown by every face: ${what}`, () => {
      showEverywhere(made(), other);
    });
  }

  it("is shown by every face, whichever it is", () => {
    for (let seed = 1; seed <= 40; seed++) showEverywhere(fuzzedTrace(seed), other);
  });
});
