// A trace is ours only as it was recorded: no byte of what runs or says where may be changed, moved, added or taken away.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { decode } from "../../../src/trace/decode.ts";
import { TraceEncoder } from "../../../src/trace/encode.ts";
import { sealChunk } from "../../../src/trace/seal.ts";
import { contentOf, isSealedBy } from "../../../src/session/trust/trace-seal.ts";
import { testHeader } from "../../support/test-header.ts";
import { changed, chunksOf, inflate, sealed, sealOf } from "../../support/sealed-file.ts";

const key = randomBytes(32);
const encoder = new TraceEncoder((bytes) => deflateRawSync(bytes));
const parts = {
  header: { root: "/home/ada/project", module: "src/a.ts" },
  sources: { "src/a.ts": "export default () => 1;", "src/b.ts": "export const b = 2;" },
};
const file = (): Uint8Array[] => sealed(key, chunksOf(parts));
/** Of which the seal says nothing, and which run nothing. */
const isEvents = (chunk: Uint8Array): boolean => chunk.length >= 32 && chunk[4] === 3;

function isOurs(chunks: readonly Uint8Array[]): boolean {
  const bytes = Buffer.concat(chunks);
  const { seal } = decode(bytes, inflate);
  return isSealedBy(key, bytes, seal);
}

function content(chunks: readonly Uint8Array[]): string {
  const bytes = Buffer.concat(chunks);
  return contentOf(bytes, decode(bytes, inflate).seal);
}

describe("the seal of a trace", () => {
  it("holds for what was recorded, and for no other key", () => {
    assert.ok(isOurs(file()));
    const bytes = Buffer.concat(file());
    const { trace, problems, seal } = decode(bytes, inflate);
    assert.deepEqual(problems, []);
    assert.equal(trace?.tables.sources.length, 2);
    assert.ok(!isSealedBy(randomBytes(32), bytes, seal));
  });

  it("is the same however the bytes came", () => {
    const bytes = Buffer.concat(chunksOf(parts));
    const whole = sealOf(key, bytes);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (sizes) => {
        assert.deepEqual(sealOf(key, bytes, sizes), whole);
      }),
    );
  });

  it("is broken by any changed byte of any chunk but those of events, checksums made right", () => {
    for (const [index, chunk] of file().entries()) {
      if (isEvents(chunk)) continue;
      for (let at = 0; at < chunk.length; at++) {
        for (const by of [1, 0x20, 0x80]) {
          const forged = file();
          forged[index] = changed(chunk, at, by);
          assert.ok(!isOurs(forged), `byte ${at} of chunk ${index} changed unnoticed`);
        }
      }
    }
  });

  it("is broken by any chunk that is added, taken away, moved or repeated", () => {
    const added = [
      encoder.header({ ...testHeader, root: "/" }),
      encoder.rows("sources", [{ path: "src/a.ts", sha256: "", text: "evil" }]),
      encoder.rows("sites", [{ source: 0, file: "/etc/passwd", line: 1, column: 1, function: "" }]),
      encoder.footer({ endNanos: 1, reason: "completed", message: "" }),
      sealChunk(randomBytes(32)),
      Uint8Array.of(0),
    ];
    const last = file().length;
    for (const chunk of added) {
      for (let at = 1; at <= last; at++) {
        assert.ok(!isOurs(file().toSpliced(at, 0, chunk)), `added at ${at} unnoticed`);
      }
    }
    for (const [index, chunk] of file().entries()) {
      // Without events, or with more of them, the same sources run in the same place.
      if (isEvents(chunk)) continue;
      assert.ok(!isOurs(file().toSpliced(index, 1)), `chunk ${index} gone unnoticed`);
      assert.ok(!isOurs([...file(), chunk]), `chunk ${index} repeated unnoticed`);
      for (let to = 0; to < last; to++) {
        const rest = file().toSpliced(index, 1);
        const moved = rest.toSpliced(to, 0, chunk);
        const order = (all: readonly Uint8Array[]): Buffer =>
          Buffer.concat(all.filter((each) => !isEvents(each)));
        if (order(moved).equals(order(file()))) continue;
        assert.ok(!isOurs(moved), `chunk ${index} moved to ${to} unnoticed`);
      }
    }
  });

  it("is broken by anything behind it, events too", () => {
    const events = file().find(isEvents) ?? Uint8Array.of();
    assert.ok(!isOurs([...file(), events]));
  });

  it("is none in a trace that was cut, whatever the length", () => {
    const bytes = Buffer.concat(file());
    for (let length = 0; length < bytes.length; length++) {
      assert.ok(!isOurs([bytes.subarray(0, length)]), `cut at ${length} unnoticed`);
    }
  });

  it("comes behind the last whole chunk of a run that was killed", () => {
    const bytes = Buffer.concat(chunksOf(parts));
    for (let length = 0; length < bytes.length; length++) {
      const cut = bytes.subarray(0, length);
      const end = sealOf(key, cut, [7]);
      if (end === undefined) assert.ok(length < 8);
      else {
        const mended = [cut.subarray(0, end.wholeBytes), end.chunk];
        assert.ok(isOurs(mended), `not sealed when cut at ${length}`);
        assert.deepEqual(
          decode(Buffer.concat(mended), inflate).problems.filter(
            ({ offset }) => offset !== undefined,
          ),
          [],
        );
      }
    }
  });

  it("is not made for bytes that are no chunks, and never throws on them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const end = sealOf(key, Buffer.concat([...chunksOf(parts), Buffer.alloc(40, 7), noise]));
        assert.equal(end, undefined);
      }),
    );
  });

  it("goes on where the file lies elsewhere: consent is to what runs, not to a name", () => {
    assert.equal(content(chunksOf(parts)), content(file()));
    const other = { ...parts, sources: { ...parts.sources, "src/b.ts": "evil" } };
    assert.notEqual(content(chunksOf(other)), content(file()));
  });
});
