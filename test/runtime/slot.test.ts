// The slot word as a pure state machine, and its word's fields.

import assert from "node:assert/strict";
import fc from "fast-check";
import { createPoolMemory } from "../../src/runtime/memory/pool-memory.ts";
import { cancelClaimed, cancelledWord } from "../../src/runtime/thread/abort-cause.ts";
import { takeToSettle } from "../../src/runtime/thread/settle-slot.ts";
import {
  claimedBy,
  generationOf,
  legalSlotTransitions,
  loadSlot,
  moveSlot,
  ownerOf,
  slotStates,
  slotWord,
  stateOf,
  type SlotState,
} from "../../src/runtime/memory/slot.ts";

const state = fc.constantFrom(...slotStates);

describe("slot word", () => {
  it("keeps generation, state and owner apart", () => {
    fc.assert(
      fc.property(fc.nat(0xffff), state, fc.nat(0xfff), (generation, name, owner) => {
        const word = slotWord(generation, name, owner);
        assert.deepEqual(
          [generationOf(word), stateOf(word), ownerOf(word)],
          [generation, name, owner],
        );
      }),
    );
  });

  it("lets exactly one of several movers win, in every order", () => {
    const shape = { seats: 1, capacity: 1, sharedBytes: 64, payloadBytes: 64 };
    for (const from of slotStates) {
      for (const movers of permutations(legalSlotTransitions[from].concat("settled", "queued"))) {
        const memory = createPoolMemory(shape);
        const start = slotWord(1, from, 0);
        assert.ok(moveSlot(memory, 0, 0, start));
        const won = movers.filter((to, owner) =>
          moveSlot(memory, 0, start, slotWord(2, to, owner)),
        );
        assert.equal(won.length, 1);
        assert.equal(stateOf(loadSlot(memory, 0)), won[0]);
      }
    }
  });

  it("is the claim's for a turn that begins after its event was cancelled, or taken over", () => {
    const shape = { seats: 2, capacity: 1, sharedBytes: 64, payloadBytes: 64 };
    const claim = slotWord(1, "claimed", 2);
    const moved = {
      cancelled: cancelledWord(claim),
      settling: slotWord(1, "settling", 0),
      queued: slotWord(1, "queued", 0),
      claimed: slotWord(1, "claimed", 1),
    };
    for (const [how, word] of Object.entries(moved)) {
      const memory = createPoolMemory(shape);
      assert.ok(moveSlot(memory, 0, 0, claim));
      if (how === "cancelled") assert.equal(cancelClaimed(memory, 0), "claimed");
      else assert.ok(moveSlot(memory, 0, claim, word));
      const begun = claimedBy(memory, 0, 2);
      assert.equal(begun, claim, how);
      assert.equal(takeToSettle(memory, 0, begun, 2), undefined, how);
      const isStillIts = takeToSettle(memory, 0, cancelledWord(begun), 2) !== undefined;
      assert.equal(isStillIts, how === "cancelled", how);
    }
  });
});

function permutations(states: readonly SlotState[]): SlotState[][] {
  if (states.length === 0) return [[]];
  return states.flatMap((first, index) =>
    permutations(states.toSpliced(index, 1)).map((rest) => [first, ...rest]),
  );
}
