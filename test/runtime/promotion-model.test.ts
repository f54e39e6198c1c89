// All interleavings of the promotion protocol: nothing that was submitted stays while everybody sleeps, or waits for a handler's
// end beside an idle follower, and no two threads lead at once.

import assert from "node:assert/strict";
import {
  eventsOf,
  initial,
  isStuck,
  keyOf,
  leading,
  processesOf,
  step,
  threads,
  type Setting,
  type State,
} from "./promotion-model.ts";

interface Walk {
  readonly states: number;
  readonly ends: readonly State[];
  readonly twoLeaders: readonly State[];
  /** A thread was made leader while it handles an event that it took as follower. */
  readonly busyLeaders: readonly State[];
  /** Events wait beside an idle follower for as long as a handler takes. */
  readonly stuck: readonly State[];
}

function walk(setting: Setting, change: (state: State) => State = (state) => state): Walk {
  const known = new Set<string>();
  const open = [initial(setting)];
  const ends: State[] = [];
  const twoLeaders: State[] = [];
  const busyLeaders: State[] = [];
  const stuck: State[] = [];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const key = keyOf(state, setting);
    if (known.has(key)) continue;
    known.add(key);
    if (state.at.filter((at) => leading.has(at)).length > 1) twoLeaders.push(state);
    const { leader } = state;
    if (leader > 0 && leader <= threads && state.at[leader] === "called") busyLeaders.push(state);
    if (isStuck(state, setting)) stuck.push(state);
    const present = state;
    const next = processesOf(setting)
      .flatMap((process) => step(present, process, setting))
      .map(change);
    if (next.length === 0) ends.push(state);
    open.push(...next);
  }
  return { states: known.size, ends, twoLeaders, busyLeaders, stuck };
}

function sleepsAtOnce(state: State): State {
  return { ...state, at: state.at.map((at) => (at === "recheck" ? "asleep" : at)) };
}

/** Looks for an event of its own with its idle bit still set. */
function staysMarked(state: State): State {
  return { ...state, at: state.at.map((at) => (at === "unmark" ? "answer" : at)) };
}

/** Leaves events to the others, and calls none of them. */
function callsNobody(state: State): State {
  return {
    ...state,
    at: state.at.map((at, me) => (at === "call" && me <= threads ? "called" : at)),
  };
}

/** Frees its event's key and tells nobody. */
function tellsNobody(state: State): State {
  return { ...state, at: state.at.map((at) => (at === "freed" ? "look" : at)) };
}

describe("the promotion protocol, in every interleaving", () => {
  for (const mode of ["eager", "barge", "on-demand"] as const) {
    // Barge differs from on-demand only in whom a leader wants, which bound events have no part in, nor has one event its key.
    const kinds = mode === "barge" ? ["unbound"] : ["unbound", "hybrid", "exclusive"];
    for (const events of kinds as readonly Setting["events"][]) {
      const setting: Setting = { mode, events };
      it(`handles every event and has one leader at most: ${mode}, ${events}`, function () {
        this.timeout(120_000);
        const { states, ends, twoLeaders, busyLeaders, stuck } = walk(setting);
        assert.ok(states > 10_000, `only ${states} states: the walk looks at too little`);
        assert.deepEqual(twoLeaders, []);
        assert.deepEqual(busyLeaders, []);
        assert.deepEqual(stuck, []);
        assert.ok(ends.length > 0);
        const undone = ends.filter(
          ({ handled, queue, own }) => handled !== eventsOf(setting) || queue + own !== 0,
        );
        assert.deepEqual(undone, []);
      });
    }
  }

  it("would find a lost wake-up: a leader that sleeps without looking once more", function () {
    this.timeout(120_000);
    const setting: Setting = { mode: "on-demand", events: "unbound" };
    const { ends } = walk(setting, sleepsAtOnce);
    assert.ok(ends.some(({ handled }) => handled !== eventsOf(setting)));
  });

  it("would find events that wait beside an idle follower until a handler ends", function () {
    this.timeout(120_000);
    const { stuck } = walk({ mode: "on-demand", events: "unbound" }, callsNobody);
    assert.ok(stuck.length > 0);
  });

  it("would find a key that gets free while the leader sleeps", function () {
    this.timeout(120_000);
    const setting: Setting = { mode: "on-demand", events: "exclusive" };
    const { ends } = walk(setting, tellsNobody);
    assert.ok(ends.some(({ handled }) => handled !== eventsOf(setting)));
  });

  it("would find a follower that takes its own event while it may be appointed", function () {
    this.timeout(120_000);
    const { busyLeaders } = walk({ mode: "eager", events: "hybrid" }, staysMarked);
    assert.ok(busyLeaders.length > 0);
  });
});
