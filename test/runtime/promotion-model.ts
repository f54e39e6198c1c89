// The promotion protocol as a pure state machine: three threads, a submitter with two events, and
// every step of theirs that touches shared memory. Its words and orders are those of leadership.ts,
// call-follower.ts, leader-wait.ts, wake-leader.ts and leader-followers.ts; promotion-model.test.ts
// walks all interleavings. With hybrid association there is one event more, which only thread 1 may
// take. With exclusive keys the events have one key: none is taken while another is handled.
//
// The last `loops` threads always wait at their event loops. Such a wait, and the loop's turn
// before any other wait, may be held up by a person's code for ever: see isStuck.

import {
  answers,
  boundEventsOf,
  go,
  isAtLoop,
  owner,
  processesOf,
  put,
  ready,
  submitter,
  unidle,
  wake,
  type Setting,
  type State,
} from "./promotion-state.ts";

/** The states that one step of `me` may lead to; none when it waits or has ended. */
export function step(state: State, me: number, setting: Setting): readonly State[] {
  const call = callStep(state, me, setting);
  if (call !== undefined) return call;
  if (me === submitter) return submitStep(state, me, setting);
  return threadStep(state, me, setting);
}

function threadStep(state: State, me: number, setting: Setting): readonly State[] {
  const { leader, version, summoned, queue } = state;
  const isExclusive = setting.events === "exclusive";
  const own = ownEvents(state, me, setting);
  switch (state.at[me]) {
    case "look":
      // From its event loop it comes to lead only for an event.
      return [go(state, me, ready(state) + own === 0 ? "turn" : answers(setting))];
    case "answer":
      return [go(state, me, "who leads", summoned === me ? { summoned: 0 } : {})];
    case "who leads":
      if (leader === me) return [go(state, me, "select", unidle(state, me))];
      if (leader !== 0) return [go(state, me, hasLane(me, setting) ? "take own" : "turn")];
      return [go(state, me, "take", { held: put(state.held, me, version) })];
    case "take":
      return leader === 0 && version === state.held[me]
        ? [go(state, me, "select", { ...unidle(state, me), leader: me, version: version + 1 })]
        : [go(state, me, "who leads")];
    case "take own":
      return own > 0 ? [go(state, me, "called", { own: own - 1 })] : [go(state, me, "turn")];
    case "select": {
      const taken = [
        ...(ready(state) > 0
          ? [go(state, me, "give", { queue: queue - 1, busy: isExclusive })]
          : []),
        ...(own > 0 ? [go(state, me, "give", { own: own - 1 })] : []),
      ];
      return taken.length > 0 ? taken : [go(state, me, "down")];
    }
    case "down":
      return [
        go(state, me, "call", {
          leader: 0,
          version: version + 1,
          rests: put(state.rests, me, true),
        }),
      ];
    case "give":
      return [go(state, me, "call", { leader: 0, version: version + 1 })];
    case "freed":
    case "leader there":
    case "rouse":
      return freedStep(state, me, answers(setting));
    case "called":
      // The handler runs, then the thread joins again.
      return [
        go(state, me, isExclusive ? "freed" : answers(setting), {
          handled: state.handled + 1,
          busy: false,
        }),
      ];
    default:
      return waitStep(state, me, setting);
  }
}

function hasLane(me: number, { events }: Setting): boolean {
  return events === "hybrid" && me === owner;
}

function ownEvents({ own }: State, me: number, setting: Setting): number {
  return hasLane(me, setting) ? own : 0;
}

/** From the event loop's turn to the wait and out of it: `#wait` of leader-followers.ts. */
function waitStep(state: State, me: number, setting: Setting): readonly State[] {
  const { leader, version } = state;
  const atLoop = isAtLoop(me, setting);
  const awake = atLoop ? "look" : answers(setting);
  const own = ownEvents(state, me, setting);
  const woken = (state.wakes[me] ?? 0) !== (state.seen[me] ?? 0);
  switch (state.at[me]) {
    case "turn":
      return [
        go(state, me, atLoop ? "set idle" : "may lead", {
          seen: put(state.seen, me, state.wakes[me] ?? 0),
        }),
      ];
    case "may lead":
      if (leader !== 0) return [go(state, me, "set idle")];
      return [go(state, me, "lead", { held: put(state.held, me, version) })];
    case "lead":
      return leader === 0 && version === state.held[me]
        ? [go(state, me, "announce", { leader: me, version: version + 1 })]
        : [go(state, me, "may lead")];
    case "announce":
      return [go(state, me, "recheck", { leaderAsleep: me })];
    case "recheck":
      return [go(state, me, ready(state) + own > 0 ? "take back" : "asleep")];
    case "asleep":
      return woken ? [go(state, me, "take back")] : [];
    case "take back":
      return [go(state, me, awake, state.leaderAsleep === me ? { leaderAsleep: 0 } : {})];
    case "set idle":
      return [
        go(state, me, hasLane(me, setting) ? "look at own" : "look once more", {
          idle: put(state.idle, me, true),
        }),
      ];
    case "look at own":
      return [go(state, me, own > 0 ? "claim own" : "look once more")];
    case "look once more":
      if (leader !== 0) return [go(state, me, "sleep")];
      return [go(state, me, atLoop ? "look at work" : "claim own")];
    case "look at work":
      return [go(state, me, ready(state) > 0 ? "claim own" : "sleep")];
    case "claim own":
      return state.idle[me] === true
        ? [go(state, me, awake, unidle(state, me))]
        : [go(state, me, "sleep")];
    case "sleep":
      return woken ? [go(state, me, "unmark")] : [];
    case "unmark":
      return [go(state, me, awake, unidle(state, me))];
    default:
      throw new Error(`no step at ${state.at[me] ?? ""}`);
  }
}

/** `settled` after an event with an exclusive key, and rejoin. */
function freedStep(state: State, me: number, then: string): readonly State[] {
  const { leaderAsleep } = state;
  switch (state.at[me]) {
    case "freed":
      return [go(state, me, ready(state) === 0 ? then : "leader there")];
    case "leader there":
      return [go(state, me, leaderAsleep === 0 ? then : "rouse")];
    default: {
      const roused = go(state, me, then, { leaderAsleep: 0 });
      return [leaderAsleep === 0 ? roused : wake(roused, leaderAsleep)];
    }
  }
}

/**
 * An event waits, and unless somebody's code comes to its end nobody ever looks at it, though a
 * thread is idle: what must not be, as that code may take as long as it likes (I4). At "called" a
 * thread is in a handler; at "turn", and where it waits at its event loop and was woken, it may be
 * in a continuation; and at "submit" the submitter may never submit again.
 */
export function isStuck(state: State, setting: Setting): boolean {
  if (ready(state) === 0 || state.at[submitter] !== "submit") return false;
  const own = processesOf(setting).filter((process) => process !== submitter);
  const waits = own.filter((process) => step(state, process, setting).length === 0);
  const mayBeBusy = (process: number): boolean => {
    const at = state.at[process] ?? "";
    return at === "called" || at === "turn" || (isAtLoop(process, setting) && restsAt.has(at));
  };
  return waits.length > 0 && own.every((process) => waits.includes(process) || mayBeBusy(process));
}

const restsAt = new Set(["sleep", "asleep"]);

function submitStep(state: State, me: number, setting: Setting): readonly State[] {
  const { leaderAsleep, queue, submitted, own, ownSubmitted } = state;
  switch (state.at[me]) {
    case "submit":
      return [
        ...(submitted === setting.shared
          ? []
          : [go(state, me, "leader asleep", { queue: queue + 1, submitted: submitted + 1 })]),
        ...(ownSubmitted === boundEventsOf(setting)
          ? []
          : [go(state, me, "owner idle", { own: own + 1, ownSubmitted: ownSubmitted + 1 })]),
      ];
    case "owner idle":
      return state.idle[owner] === true
        ? [go(state, me, "wake owner", unidle(state, owner))]
        : [go(state, me, "owner leads")];
    case "owner leads":
      return leaderAsleep === owner
        ? [go(state, me, "wake owner", { leaderAsleep: 0 })]
        : [go(state, me, "submit")];
    case "wake owner":
      return [go(wake(state, owner), me, "submit")];
    case "leader asleep":
      return [go(state, me, leaderAsleep === 0 ? "any idle" : "ring")];
    case "any idle":
      return [go(state, me, state.idle.includes(true) ? "call" : "submit")];
    case "ring": {
      const rung = go(state, me, "submit", { leaderAsleep: 0 });
      return [leaderAsleep === 0 ? rung : wake(rung, leaderAsleep)];
    }
    default:
      return [go(state, me, "submit")];
  }
}

/** callFollower, which leader and submitter share; undefined when `me` is not in it. */
function callStep(state: State, me: number, setting: Setting): readonly State[] | undefined {
  const { leader, version, summoned } = state;
  const { mode } = setting;
  const held = state.held[me] ?? 0;
  const rests = state.rests[me] === true;
  const end = (from: State): State =>
    go(from, me, rests ? "turn" : "called", { rests: put(state.rests, me, false) });
  const done = end(state);
  // A leader that barges or hands over wants a follower whether or not events wait; before it rests
  // it does not.
  const wanted = ready(state) > 0 || (mode !== "on-demand" && me !== submitter && !rests);
  const idleSeats = (atLoop: boolean): number[] =>
    [1, 2, 3].filter((seat) => state.idle[seat] === true && isAtLoop(seat, setting) === atLoop);
  switch (state.at[me]) {
    case "call":
      if (leader !== 0) return [done];
      if (mode !== "eager") return [go(state, me, "summoned")];
      return wanted ? [go(state, me, "pick", { seen: put(state.seen, me, version) })] : [done];
    case "summoned":
      return summoned !== 0 || !wanted ? [done] : [go(state, me, "pick")];
    case "pick": {
      const idle = idleSeats(false);
      const next = mode === "eager" ? "claim" : "summon";
      if (idle.length === 0) return [ready(state) > 0 ? go(state, me, "call loops") : done];
      return idle.map((seat) => go(state, me, next, { held: put(state.held, me, seat) }));
    }
    case "summon":
      return summoned === 0 ? [go(state, me, "claim", { summoned: held })] : [done];
    case "claim": {
      const claimed = state.idle[held] === true;
      const next = mode === "eager" ? "appoint" : "wake";
      if (claimed) return [go(state, me, next, unidle(state, held))];
      return [go(state, me, mode === "eager" ? "call" : "unsummon")];
    }
    case "unsummon":
      return [go(state, me, "summoned", summoned === held ? { summoned: 0 } : {})];
    case "appoint":
      return leader === 0 && version === state.seen[me]
        ? [go(state, me, "wake", { leader: held, version: version + 1 })]
        : [go(wake(state, held), me, "call")];
    case "wake":
      return [end(wake(state, held))];
    case "call loops": {
      const idle = idleSeats(true);
      if (idle.length === 0) return [done];
      return idle.map((seat) => go(state, me, "claim loop", { held: put(state.held, me, seat) }));
    }
    case "claim loop":
      if (state.idle[held] !== true) return [go(state, me, "call loops")];
      return [go(state, me, "wake loop", unidle(state, held))];
    case "wake loop":
      return [go(wake(state, held), me, "call loops")];
    default:
      return undefined;
  }
}
