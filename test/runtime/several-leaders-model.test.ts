// All interleavings of two handle sets with a leader each: nothing that was submitted stays while everybody sleeps, no set has
// two leaders, and no thread leads while it handles an event.

import assert from "node:assert/strict";
import { events, initial, keyOf, nextStates, sets, type State } from "./several-leaders-model.ts";

interface Walk {
  readonly states: number;
  readonly ends: readonly State[];
  readonly wrong: readonly State[];
}

/** Ends at the first state that `isSought`. */
function walk(
  threads: number,
  change: (state: State) => State = (state) => state,
  isSought: (state: State) => boolean = () => false,
): Walk {
  const known = new Set<string>();
  const open = [initial(threads)];
  const ends: State[] = [];
  const wrong: State[] = [];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const key = keyOf(state);
    if (known.has(key)) continue;
    known.add(key);
    if (isWrong(state)) wrong.push(state);
    const next = nextStates(state).map(change);
    if (next.length === 0) ends.push(state);
    if (next.length === 0 && isSought(state)) break;
    open.push(...next);
  }
  return { states: known.size, ends, wrong };
}

/** Whether two threads lead one set, each by its own knowledge. */
function isWrong({ processes }: State): boolean {
  return sets.some((set) => processes.filter(({ led }) => led === set).length > 1);
}

const isUndone = ({ handled, queue }: State): boolean =>
  handled !== events || queue.some((count) => count > 0);

/** A leader that sleeps whatever other sets have. */
function looksAtItsOwnOnly(state: State): State {
  const processes = state.processes.map((each) =>
    each.at === "recheck leader" ? { ...each, at: "asleep" } : each,
  );
  return { ...state, processes };
}

describe("several leaders, in every interleaving", () => {
  for (const threads of [1, 2]) {
    it(`handles every event and has one leader a set at most: threads ${threads}`, function () {
      this.timeout(120_000);
      const { states, ends, wrong } = walk(threads);
      assert.ok(states > threads * 200, `only ${states} states: the walk looks at too little`);
      assert.deepEqual(wrong, []);
      assert.ok(ends.length > 0);
      assert.deepEqual(ends.filter(isUndone), []);
    });
  }

  it("would find an event that waits beside the sleeping leader of the other set", function () {
    this.timeout(120_000);
    assert.ok(walk(2, looksAtItsOwnOnly, isUndone).ends.some(isUndone));
  });
});
