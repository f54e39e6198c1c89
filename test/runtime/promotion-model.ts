// The promotion protocol as a pure state machine: three threads, a submitter with two events, and every step of theirs that
// touches shared memory. Its words and orders are those of leadership.ts, call-follower.ts, leader-wait.ts, wake-leader.ts and
// leader-followers.ts; promotion-model.test.ts walks all interleavings. With hybrid association there is one event more, which
// only thread 1 may take. With exclusive keys the events have one key: none is taken while another is handled.

export type Mode = "eager" | "barge" | "on-demand";
export interface Setting {
  readonly mode: Mode;
  readonly events: "unbound" | "hybrid" | "exclusive";
}

export const threads = 3;
/** One for barge, whose followers come whether or not there is work: its interleavings are many more. */
const sharedEventsOf = ({ mode }: Setting): number => (mode === "barge" ? 1 : 2);
const boundEventsOf = ({ events }: Setting): number => (events === "hybrid" ? 1 : 0);
export const eventsOf = (setting: Setting): number =>
  sharedEventsOf(setting) + boundEventsOf(setting);
const owner = 1;
const submitter = threads + 1;

/** Each process has a program counter and two registers. Arrays are indexed by process, 1 to 3 the threads, 4 the submitter. */
export interface State {
  readonly leader: number;
  /** Of the leadership word: grows with each change. */
  readonly version: number;
  readonly summoned: number;
  readonly leaderAsleep: number;
  readonly queue: number;
  readonly submitted: number;
  /** Events bound to thread 1: those that wait, and those that were submitted. */
  readonly own: number;
  readonly ownSubmitted: number;
  readonly handled: number;
  /** Of exclusive keys: an event of the key is being handled. */
  readonly busy: boolean;
  readonly idle: readonly boolean[];
  readonly wakes: readonly number[];
  readonly at: readonly string[];
  /** What a process saw of its wake word. */
  readonly seen: readonly number[];
  /** What it saw of the leadership's version, or whom it picked. */
  readonly held: readonly number[];
}

const each = <T>(value: T): T[] => Array.from({ length: submitter + 1 }, () => value);

/**
 * With hybrid association its thread, idle, was just woken by the supervisor after another's death, which claims no idle bit.
 */
export function initial({ events }: Setting): State {
  const isBound = events === "hybrid";
  return {
    leader: 0,
    version: 0,
    summoned: 0,
    leaderAsleep: 0,
    queue: 0,
    submitted: 0,
    own: 0,
    ownSubmitted: 0,
    handled: 0,
    busy: false,
    idle: each(false).with(owner, isBound),
    wakes: each(0).with(owner, Number(isBound)),
    at: each("look")
      .with(submitter, "submit")
      .with(owner, isBound ? "sleep" : "look"),
    seen: each(0),
    held: each(0),
  };
}

const processes: readonly number[] = [1, 2, 3, submitter];

/** Hybrid association has more steps: it is walked with one thread less. */
export const processesOf = ({ events }: Setting): readonly number[] =>
  events === "hybrid" ? [1, 2, submitter] : processes;

/** Where the thread is leader by its own knowledge: no two may be there at once. */
export const leading: ReadonlySet<string> = new Set([
  "select",
  "announce",
  "recheck",
  "asleep",
  "give",
]);

const fixedWake = new Set([
  ...["unmark", "take own", "look at own"],
  ...["answer", "who leads", "take", "set idle", "look once more", "claim own", "sleep"],
  ...["announce", "recheck", "asleep", "take back"],
]);
const fixedPick = new Set(["summon", "claim", "unsummon", "appoint", "wake"]);

/**
 * Equal for states with the same futures: counts matter only by whether they differ from what was seen, and threads that none of
 * the events is bound to may change places.
 */
export function keyOf(state: State, { events }: Setting): string {
  const own = processes.map((process) => ownKey(state, process));
  const order = [1, 2, 3];
  // Of two threads that look alike either may come first: the key then differs for equal states, which costs only time.
  if (events !== "hybrid") order.sort((a, b) => ((own[a - 1] ?? "") < (own[b - 1] ?? "") ? -1 : 1));
  const place = [0, 1, 2, 3].map((thread) => (thread === 0 ? 0 : order.indexOf(thread) + 1));
  const all = [...order, submitter].map((process) => {
    const picks = fixedPick.has(state.at[process] ?? "");
    return `${own[process - 1] ?? ""}${picks ? (place[state.held[process] ?? 0] ?? "") : ""}`;
  });
  const { queue, submitted, own: bound, ownSubmitted, handled, busy } = state;
  return `${all.join()} ${[queue, submitted, bound, ownSubmitted, handled, Number(busy)].join(" ")}`;
}

/** What a process is, whichever number it has. */
function ownKey(state: State, process: number): string {
  const { leader, summoned, leaderAsleep, version } = state;
  const at = state.at[process] ?? "";
  const seen = state.seen[process] ?? 0;
  const woken = fixedWake.has(at) && state.wakes[process] !== seen;
  const fresh = version === (at === "take" ? state.held[process] : seen);
  const is = [
    woken,
    fresh,
    state.idle[process],
    ...[leader, summoned, leaderAsleep].map((who) => who === process),
  ];
  return `${at}${is.map(Number).join("")}`;
}

function put<T>(values: readonly T[], index: number, value: T): readonly T[] {
  return values.with(index, value);
}

function go(state: State, me: number, at: string, changes: Partial<State> = {}): State {
  return { ...state, ...changes, at: put(changes.at ?? state.at, me, at) };
}

function wake(state: State, seat: number): State {
  return { ...state, wakes: put(state.wakes, seat, (state.wakes[seat] ?? 0) + 1) };
}

/** The states that one step of `me` may lead to; none when it waits or has ended. */
export function step(state: State, me: number, setting: Setting): readonly State[] {
  const call = callStep(state, me, setting.mode);
  if (call !== undefined) return call;
  if (me === submitter) return submitStep(state, me, setting);
  return threadStep(state, me, setting);
}

/** Shared events that a thread may take. */
function ready({ queue, busy }: State): number {
  return busy ? 0 : queue;
}

function threadStep(state: State, me: number, { events }: Setting): readonly State[] {
  const { leader, version, summoned, queue, leaderAsleep } = state;
  const hasLane = events === "hybrid" && me === owner;
  const isExclusive = events === "exclusive";
  const own = hasLane ? state.own : 0;
  const notLeading = hasLane ? "take own" : "set idle";
  const seen = state.seen[me] ?? 0;
  const woken = (state.wakes[me] ?? 0) !== seen;
  switch (state.at[me]) {
    case "look":
      return [
        go(state, me, hasLane ? "unmark" : "answer", {
          seen: put(state.seen, me, state.wakes[me] ?? 0),
        }),
      ];
    case "unmark":
      return [go(state, me, "answer", unidle(state, me))];
    case "answer":
      return [go(state, me, "who leads", summoned === me ? { summoned: 0 } : {})];
    case "who leads":
      if (leader === me) return [go(state, me, "select", unidle(state, me))];
      if (leader !== 0) return [go(state, me, notLeading)];
      return [go(state, me, "take", { held: put(state.held, me, version) })];
    case "take":
      return leader === 0 && version === state.held[me]
        ? [go(state, me, "select", { ...unidle(state, me), leader: me, version: version + 1 })]
        : [go(state, me, "who leads")];
    case "take own":
      return own > 0 ? [go(state, me, "called", { own: own - 1 })] : [go(state, me, "set idle")];
    case "set idle":
      return [go(state, me, "look once more", { idle: put(state.idle, me, true) })];
    case "look once more":
      return [go(state, me, leader === 0 ? "claim own" : hasLane ? "look at own" : "sleep")];
    case "look at own":
      return [go(state, me, own > 0 ? "claim own" : "sleep")];
    case "claim own":
      return state.idle[me] === true
        ? [go(state, me, "look", unidle(state, me))]
        : [go(state, me, "sleep")];
    case "sleep":
      return woken ? [go(state, me, "look")] : [];
    case "select": {
      const seenNow = put(state.seen, me, state.wakes[me] ?? 0);
      const taken = [
        ...(ready(state) > 0
          ? [go(state, me, "give", { queue: queue - 1, busy: isExclusive })]
          : []),
        ...(own > 0 ? [go(state, me, "give", { own: own - 1 })] : []),
      ];
      return taken.length > 0 ? taken : [go(state, me, "announce", { seen: seenNow })];
    }
    case "announce":
      return [go(state, me, "recheck", { leaderAsleep: me })];
    case "recheck":
      return [go(state, me, ready(state) + own > 0 ? "take back" : "asleep")];
    case "asleep":
      return woken ? [go(state, me, "take back")] : [];
    case "take back":
      return [go(state, me, "select", state.leaderAsleep === me ? { leaderAsleep: 0 } : {})];
    case "give":
      return [go(state, me, "call", { leader: 0, version: version + 1 })];
    case "freed":
      return [go(state, me, ready(state) === 0 ? "look" : "leader there")];
    case "leader there":
      return [go(state, me, leaderAsleep === 0 ? "look" : "rouse")];
    case "rouse": {
      const roused = go(state, me, "look", { leaderAsleep: 0 });
      return [leaderAsleep === 0 ? roused : wake(roused, leaderAsleep)];
    }
    default:
      // The handler runs, then the thread joins again.
      return [
        go(state, me, isExclusive ? "freed" : "look", { handled: state.handled + 1, busy: false }),
      ];
  }
}

/**
 * Events wait beside an idle follower, and unless a handler comes to its end nobody ever looks at them: what must not be, as a
 * handler may take long (I4). At "called" a thread is in its handler, and at "submit" the submitter may never submit again.
 */
export function isStuck(state: State, setting: Setting): boolean {
  if (ready(state) === 0 || state.leader !== 0 || !state.idle.includes(true)) return false;
  if (state.at[submitter] !== "submit") return false;
  return processesOf(setting).every(
    (process) =>
      process === submitter ||
      state.at[process] === "called" ||
      step(state, process, setting).length === 0,
  );
}

function unidle(state: State, me: number): Partial<State> {
  return { idle: put(state.idle, me, false) };
}

function submitStep(state: State, me: number, setting: Setting): readonly State[] {
  const { leaderAsleep, queue, submitted, own, ownSubmitted } = state;
  switch (state.at[me]) {
    case "submit":
      return [
        ...(submitted === sharedEventsOf(setting)
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
function callStep(state: State, me: number, mode: Mode): readonly State[] | undefined {
  const { leader, version, summoned } = state;
  const held = state.held[me] ?? 0;
  const done = go(state, me, "called");
  switch (state.at[me]) {
    case "call":
      return leader !== 0
        ? [done]
        : [
            go(state, me, mode === "eager" ? "pick" : "summoned", {
              seen: put(state.seen, me, version),
            }),
          ];
    case "summoned":
      // A barging leader wants a follower whether or not events wait.
      return summoned !== 0 || (ready(state) === 0 && (mode !== "barge" || me === submitter))
        ? [done]
        : [go(state, me, "pick")];
    case "pick": {
      const idle = [1, 2, 3].filter((seat) => state.idle[seat] === true);
      const next = mode === "eager" ? "claim" : "summon";
      if (idle.length === 0) return [done];
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
      return [go(wake(state, held), me, "called")];
    default:
      return undefined;
  }
}
