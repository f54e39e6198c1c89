// The memory of payloads and results, against a model that only counts blocks.

import assert from "node:assert/strict";
import fc from "fast-check";
import { blockBytes, slabBytes } from "../../src/runtime/memory/memory-fields.ts";
import { createPoolMemory, type PoolMemory } from "../../src/runtime/memory/pool-memory.ts";
import { listenToSteps } from "../../src/sync/step.ts";
import { encodeValue } from "../../src/runtime/payload/payload-codec.ts";
import {
  loadPayload,
  releasePayload,
  storePayload,
} from "../../src/runtime/payload/payload-store.ts";

const slots = 4;
const blocks = 6;

const size = fc.oneof(
  fc.constantFrom(0, slabBytes, slabBytes + 1, blockBytes, blockBytes + 1),
  fc.nat(blocks * blockBytes),
);
const store = fc.record({ slot: fc.nat(slots - 1), size: fc.option(size) });

const newMemory = (): PoolMemory =>
  createPoolMemory({
    ...{ seats: 1, capacity: slots / 2, sharedBytes: 64 },
    payloadBytes: blocks * blockBytes,
  });

const ofBlocks = (count: number, value: number): Buffer => Buffer.alloc(count * blockBytes, value);

const blocksOf = (value: Buffer | undefined): number =>
  value === undefined || value.length <= slabBytes ? 0 : Math.ceil(value.length / blockBytes);

/** Runs `body`, and `meanwhile` before its step of that number. False when it has fewer. */
function interrupted(at: number, body: () => void, meanwhile: () => void): boolean {
  let steps = 0;
  listenToSteps(() => {
    if (++steps !== at) return;
    listenToSteps(undefined);
    meanwhile();
  });
  try {
    body();
    return steps >= at;
  } finally {
    listenToSteps(undefined);
  }
}

describe("payload store", () => {
  for (const wanted of [2, 4]) {
    const fits = wanted === 2 ? "fits" : "does not fit";
    it(`has room for what fits beside the rest, at each step of storing what ${fits}`, () => {
      let at = 1;
      for (; ; at++) {
        const memory = newMemory();
        const stored = (slot: number, count: number): boolean =>
          storePayload(memory, slot, encodeValue(ofBlocks(count, slot), memory.flat));
        assert.ok(stored(0, 3));
        const other = wanted === 2 ? 1 : 3;
        const store = (): void => assert.equal(stored(1, wanted), wanted === 2);
        if (!interrupted(at, store, () => assert.ok(stored(2, other)))) break;
        assert.deepEqual(loadPayload(memory, 2), ofBlocks(other, 2));
        if (wanted === 2) assert.deepEqual(loadPayload(memory, 1), ofBlocks(wanted, 1));
        for (const slot of [0, 1, 2]) releasePayload(memory, slot);
        assert.ok(stored(3, blocks), "each block is free again");
      }
      assert.ok(at > 1, "it has no step");
    });
  }

  it("keeps what it has room for, also beside what is replaced and released, and loses no block", () => {
    fc.assert(
      fc.property(fc.array(store, { maxLength: 30 }), (stores) => {
        const memory = newMemory();
        const kept: (Buffer | undefined)[] = [];
        stores.forEach(({ slot, size: length }, round) => {
          if (length === null) {
            releasePayload(memory, slot);
            kept[slot] = undefined;
          } else {
            const value = Buffer.alloc(length, round + 1);
            const others = kept.filter((_, at) => at !== slot);
            const taken = others.reduce((sum, other) => sum + blocksOf(other), 0);
            const fits = taken + blocksOf(value) <= blocks;
            assert.equal(storePayload(memory, slot, encodeValue(value, memory.flat)), fits);
            if (fits) kept[slot] = value;
          }
          kept.forEach((value, at) => {
            if (value !== undefined) assert.deepEqual(loadPayload(memory, at), value);
          });
        });
      }),
    );
  });
});
