// All interleavings of the promotion protocol: nothing that was submitted stays while everybody sleeps, or waits for a handler's
// end beside an idle follower, and no two threads lead at once.

import assert from "node:assert/strict";
import { isStuck, step } from "./promotion-model.ts";
import {
  eventsOf,
  initial,
  isAtLoop,
  keyOf,
  leading,
  processesOf,
  threads,
  type Setting,
  type State,
} from "./promotion-state.ts";

interface Walk {
  readonly states: number;
  readonly ends: readonly State[];
  readonly twoLeaders: readonly State[];
  /** A thread was made leader while it handles an event that it took as follower. */
  readonly busyLeaders: readonly State[];
  /** Events wait beside an idle follower for as long as a handler takes. */
  readonly stuck: readonly State[];
}

/** With a planted fault, to the first state that `isSought`. */
function walk(
  setting: Setting,
  change: (state: State) => State = (state) => state,
  isSought: (state: State, setting: Setting) => boolean = () => false,
): Walk {
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
    if (leadsBusily(state)) busyLeaders.push(state);
    if (isStuck(state, setting)) stuck.push(state);
    if (isSought(state, setting)) break;
    const present = state;
    const next = processesOf(setting)
      .flatMap((process) => step(present, process, setting))
      .map(change);
    if (next.length === 0) ends.push(state);
    open.push(...next);
  }
  return { states: known.size, ends, twoLeaders, busyLeaders, stuck };
}

/** A thread that handles an event was made leader. */
function leadsBusily({ leader, at }: State): boolean {
  return leader > 0 && leader <= threads && at[leader] === "called";
}

function sleepsAtOnce(state: State): State {
  return { ...state, at: state.at.map((at) => (at === "recheck" ? "asleep" : at)) };
}

/** Looks for an event of its own with its idle bit still set. */
function staysMarked(state: State): State {
  return { ...state, at: state.at.map((at) => (at === "unmark" ? "who leads" : at)) };
}

/** Leaves events to the others, and calls none of them. */
function callsNobody(state: State): State {
  const at = state.at.map((each, me) =>
    each === "call" && me <= threads ? (state.rests[me] === true ? "turn" : "called") : each,
  );
  return { ...state, at, rests: state.rests.map((rests, me) => rests && at[me] !== "turn") };
}

/** Frees its event's key and tells nobody. */
function tellsNobody(state: State): State {
  return { ...state, at: state.at.map((at) => (at === "freed" ? "look" : at)) };
}

/** What a leader that waits at its event loop once did: it leads on. */
function leadsOn(setting: Setting): (state: State) => State {
  return (state) => ({
    ...state,
    at: state.at.map((at, me) => (at === "down" && isAtLoop(me, setting) ? "announce" : at)),
    seen: state.seen.map((seen, me) => (state.at[me] === "down" ? (state.wakes[me] ?? 0) : seen)),
  });
}

/** Of those that wait at their event loops calls the first only, as if it were sure to come. */
function callsOne(state: State): State {
  const isCalled = state.at.some((at, me) => at === "sleep" && state.wakes[me] !== state.seen[me]);
  const at = state.at.map((each, me) => {
    if (each !== "call loops" || !isCalled) return each;
    if (state.rests[me] === true) return "turn";
    return me <= threads ? "called" : "submit";
  });
  return { ...state, at, rests: state.rests.map((rests, me) => rests && at[me] !== "turn") };
}

type Row = readonly [
  mode: Setting["mode"],
  events: Setting["events"],
  threads: 2 | 3,
  shared: number,
  loops: number,
];

const settingOf = ([mode, events, count, shared, loops]: Row): Setting => ({
  ...{ mode, events, shared, loops },
  threads: count,
});

/** Three threads with two events are too many interleavings. */
const rows: readonly Row[] = [
  ["eager", "unbound", 2, 2, 0],
  ["eager", "unbound", 2, 2, 1],
  ["eager", "unbound", 2, 2, 2],
  ["eager", "unbound", 3, 1, 3],
  ["eager", "hybrid", 2, 2, 0],
  ["eager", "hybrid", 2, 1, 1],
  ["eager", "hybrid", 2, 1, 2],
  ["eager", "exclusive", 2, 2, 0],
  ["eager", "exclusive", 2, 2, 1],
  // Barge differs from on-demand only in whom a leader wants, which bound events have no part in,
  // nor has one event its key.
  ["barge", "unbound", 2, 2, 0],
  ["barge", "unbound", 2, 2, 1],
  ["on-demand", "unbound", 2, 2, 0],
  ["on-demand", "unbound", 2, 2, 1],
  ["on-demand", "unbound", 2, 2, 2],
  ["on-demand", "unbound", 3, 1, 0],
  ["on-demand", "unbound", 3, 1, 3],
  ["on-demand", "hybrid", 2, 2, 0],
  ["on-demand", "hybrid", 2, 1, 1],
  ["on-demand", "hybrid", 2, 1, 2],
  ["on-demand", "exclusive", 2, 2, 0],
  ["on-demand", "exclusive", 2, 2, 1],
];

describe("the promotion protocol, in every interleaving", () => {
  for (const row of rows) {
    const setting = settingOf(row);
    const { mode, events, loops } = setting;
    const name = `${mode}, ${events}, threads ${setting.threads}, at their loops ${loops}`;
    it(`handles every event and has one leader at most: ${name}`, function () {
      this.timeout(120_000);
      const { states, ends, twoLeaders, busyLeaders, stuck } = walk(setting);
      assert.ok(states > 1_000, `only ${states} states: the walk looks at too little`);
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

  it("would find a lost wake-up: a leader that sleeps without looking once more", function () {
    this.timeout(120_000);
    const setting = settingOf(["on-demand", "unbound", 2, 2, 0]);
    const { ends } = walk(setting, sleepsAtOnce);
    assert.ok(ends.some(({ handled }) => handled !== eventsOf(setting)));
  });

  it("would find events that wait beside an idle follower until a handler ends", function () {
    this.timeout(120_000);
    const { stuck } = walk(settingOf(["on-demand", "unbound", 2, 2, 0]), callsNobody, isStuck);
    assert.ok(stuck.length > 0);
  });

  it("would find events that wait for a continuation of the thread that leads", function () {
    this.timeout(120_000);
    for (const loops of [1, 2]) {
      const setting = settingOf(["on-demand", "unbound", 2, 2, loops]);
      assert.ok(walk(setting, leadsOn(setting), isStuck).stuck.length > 0);
    }
  });

  it("would find events that wait for a continuation of the one thread that was called", function () {
    this.timeout(120_000);
    const { stuck } = walk(settingOf(["on-demand", "unbound", 3, 1, 3]), callsOne, isStuck);
    assert.ok(stuck.length > 0);
  });

  it("would find a key that gets free while the leader sleeps", function () {
    this.timeout(120_000);
    const setting = settingOf(["on-demand", "exclusive", 2, 2, 0]);
    const { ends } = walk(setting, tellsNobody);
    assert.ok(ends.some(({ handled }) => handled !== eventsOf(setting)));
  });

  it("would find a follower that takes its own event while it may be appointed", function () {
    this.timeout(120_000);
    const { busyLeaders } = walk(settingOf(["eager", "hybrid", 2, 2, 0]), staysMarked, leadsBusily);
    assert.ok(busyLeaders.length > 0);
  });
});
