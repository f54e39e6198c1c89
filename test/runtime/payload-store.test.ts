// The memory of payloads and results, against a model that only counts blocks.

import assert from "node:assert/strict";
import fc from "fast-check";
import { blockBytes, slabBytes } from "../../src/runtime/memory/memory-fields.ts";
import { createPoolMemory, type PoolMemory } from "../../src/runtime/memory/pool-memory.ts";
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

const blocksOf = (value: Buffer | undefined): number =>
  value === undefined || value.length <= slabBytes ? 0 : Math.ceil(value.length / blockBytes);

describe("payload store", () => {
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
