// What the pure state machine of the promotion protocol is made of: its settings, its shared words,
// and which states are equal. Its steps are in promotion-model.ts.

export type Mode = "eager" | "barge" | "on-demand";
export interface Setting {
  readonly mode: Mode;
  readonly events: "unbound" | "hybrid" | "exclusive";
  readonly threads: 2 | 3;
  /** Events that any thread may take. */
  readonly shared: number;
  /** How many threads have something alive in their event loops. */
  readonly loops: number;
}

export const threads = 3;
export const boundEventsOf = ({ events }: Setting): number => (events === "hybrid" ? 1 : 0);
export const eventsOf = (setting: Setting): number => setting.shared + boundEventsOf(setting);
export const owner: number = 1;
export const submitter: number = threads + 1;

export function isAtLoop(seat: number, setting: Setting): boolean {
  return seat <= setting.threads && seat > setting.threads - setting.loops;
}

/**
 * Each process has a program counter and two registers. Arrays are indexed by process, 1 to 3 the
 * threads, 4 the submitter.
 */
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
  /** Whether it calls a follower before it rests, not before it handles an event. */
  readonly rests: readonly boolean[];
}

const each = <T>(value: T): T[] => Array.from({ length: submitter + 1 }, () => value);

/**
 * With hybrid association its thread, idle, was just woken by the supervisor after another's death,
 * which claims no idle bit.
 */
export function initial(setting: Setting): State {
  const isBound = setting.events === "hybrid";
  const first = answers(setting);
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
    at: each(first)
      .with(submitter, "submit")
      .with(owner, isBound ? "sleep" : first),
    seen: each(0),
    held: each(0),
    rests: each(false),
  };
}

/** Who appoints summons nobody. */
export function answers({ mode }: Setting): string {
  return mode === "eager" ? "who leads" : "answer";
}

const processes: readonly number[] = [1, 2, 3, submitter];

export const processesOf = (setting: Setting): readonly number[] =>
  setting.threads === 2 ? [1, 2, submitter] : processes;

/** Where the thread is leader by its own knowledge: no two may be there at once. */
export const leading: ReadonlySet<string> = new Set([
  "select",
  "down",
  "announce",
  "recheck",
  "asleep",
  "give",
]);

const fixedWake = new Set([
  ...["may lead", "lead", "set idle", "look at own", "look once more", "look at work", "claim own"],
  ...["sleep", "announce", "recheck", "asleep"],
]);
const fixedPick = new Set([
  ...["summon", "claim", "unsummon", "appoint", "wake", "claim loop", "wake loop"],
]);
const holdsVersion = new Set(["take", "lead"]);

/**
 * Equal for states with the same futures: counts matter only by whether they differ from what was
 * seen, and threads that none of the events is bound to may change places.
 */
export function keyOf(state: State, setting: Setting): string {
  const { events } = setting;
  const own = processes.map((process) => ownKey(state, process, setting));
  const order = [1, 2, 3];
  // Of two threads that look alike either may come first: the key then differs for equal states,
  // which costs only time.
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
function ownKey(state: State, process: number, setting: Setting): string {
  const { leader, summoned, leaderAsleep, version } = state;
  const at = state.at[process] ?? "";
  const seen = state.seen[process] ?? 0;
  const woken = fixedWake.has(at) && state.wakes[process] !== seen;
  const fresh = version === (holdsVersion.has(at) ? state.held[process] : seen);
  const is = [
    woken,
    fresh,
    isAtLoop(process, setting),
    state.rests[process],
    state.idle[process],
    ...[leader, summoned, leaderAsleep].map((who) => who === process),
  ];
  return `${at}${is.map(Number).join("")}`;
}

export function put<T>(values: readonly T[], index: number, value: T): readonly T[] {
  return values.with(index, value);
}

export function go(state: State, me: number, at: string, changes: Partial<State> = {}): State {
  return { ...state, ...changes, at: put(changes.at ?? state.at, me, at) };
}

export function wake(state: State, seat: number): State {
  return { ...state, wakes: put(state.wakes, seat, (state.wakes[seat] ?? 0) + 1) };
}

/** Shared events that a thread may take. */
export function ready({ queue, busy }: State): number {
  return busy ? 0 : queue;
}

export function unidle(state: State, me: number): Partial<State> {
  return { idle: put(state.idle, me, false) };
}
