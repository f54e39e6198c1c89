// Frames on a byte pipe, however the pipe cuts them.

import assert from "node:assert/strict";
import fc from "fast-check";
import { frame, FrameReader } from "../../src/protocol/frames.ts";

const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 12 });

describe("frames", () => {
  it("come out as they went in, whatever the pieces", () => {
    fc.assert(
      fc.property(
        bodies,
        fc.array(fc.nat(60), { minLength: 1 }),
        fc.boolean(),
        (sent, cuts, pooled) => {
          const bytes = Buffer.concat(sent.map(frame));
          const reader = new FrameReader();
          const received: Uint8Array[] = [];
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = 1 + (cuts[turn % cuts.length] ?? 0);
            const piece = bytes.subarray(at, at + size);
            received.push(...reader.take(pooled ? piece : new Uint8Array(piece)));
            at += size;
          }
          assert.deepEqual(
            received,
            sent.map((body) => new Uint8Array(body)),
          );
        },
      ),
    );
  });

  it("are in memory of their own, from its first byte", () => {
    const piece = Buffer.concat([Buffer.from("other"), frame(Buffer.from("tile"))]).subarray(5);
    const [body] = new FrameReader().take(piece);
    assert.equal(body?.byteOffset, 0);
    assert.equal(body?.buffer.byteLength, 4);
    piece.fill(0);
    assert.equal(Buffer.from(body ?? []).toString(), "tile");
  });

  it("refuse a length that no frame has", () => {
    assert.throws(() => new FrameReader().take(Buffer.from([0xff, 0xff, 0xff, 0xff])), /is none/);
  });
});
