// Two handle sets with a leader each as a pure state machine: threads that follow both, a submitter with an event for each, and
// every step of theirs that touches shared memory. Its words and orders are those of several-leaders.ts, call-follower.ts and
// wake-leader.ts; several-leaders-model.test.ts walks all interleavings.

export const sets: readonly number[] = [0, 1];
export const events = 2;

/** Arrays are indexed by process, 0 the submitter, or by set. */
export interface State {
  readonly leader: readonly number[];
  /** Of the leadership words: grows with each change. */
  readonly version: readonly number[];
  readonly summoned: readonly number[];
  readonly asleep: readonly number[];
  readonly queue: readonly number[];
  readonly submitted: readonly boolean[];
  readonly handled: number;
  readonly idle: readonly boolean[];
  readonly wakes: readonly number[];
  readonly processes: readonly Process[];
}

interface Process {
  readonly at: string;
  /** What it saw of its wake word. */
  readonly seen: number;
  /** The set that it leads, -1 for none. */
  readonly led: number;
  /** The set that it looks at, or calls a follower for. */
  readonly set: number;
  /** The version that it saw, or whom it picked. */
  readonly held: number;
  /** Where it goes on after a call, or after it tried to lead. */
  readonly after: string;
}

export function initial(threads: number): State {
  const none = sets.map(() => 0);
  const seats = Array.from({ length: threads + 1 }, () => 0);
  const first: Process = { at: "look", seen: 0, led: -1, set: 0, held: 0, after: "" };
  return {
    leader: none,
    version: none,
    summoned: none,
    asleep: none,
    queue: none,
    submitted: sets.map(() => false),
    handled: 0,
    idle: seats.map(() => false),
    wakes: seats,
    processes: seats.map((_, process) => (process === 0 ? { ...first, at: "submit" } : first)),
  };
}

const holdsVersion = new Set(["take", "lead take"]);
/** Where neither the set nor where to go on matters. */
const forgets = new Set([
  ...["look", "unmark", "none", "wait", "announce", "asleep", "take back", "set idle", "claim own"],
  ...["sleep", "handle", "again", "submit"],
]);
const picks = new Set(["summon", "claim", "unsummon", "wake"]);

const labels = new Map<string, number>();

function numberOf(label: string): number {
  const known = labels.get(label);
  if (known !== undefined) return known;
  labels.set(label, labels.size);
  return labels.size - 1;
}

/**
 * Equal for states with the same futures: counts matter only by whether they differ from what was seen. A character a number, as
 * there are many states.
 */
export function keyOf(state: State): string {
  let key = "";
  const add = (value: number): void => {
    key += String.fromCharCode(value + 1);
  };
  for (const [me, { at, seen, led, set, held, after }] of state.processes.entries()) {
    const forgotten = forgets.has(at);
    add(numberOf(forgotten ? at : `${at}|${set}|${after}`));
    const woken = state.wakes[me] !== seen;
    const fresh = holdsVersion.has(at) && state.version[set] === held;
    add(Number(woken) + 2 * Number(fresh) + 4 * Number(state.idle[me]) + 8 * (led + 1));
    if (picks.has(at)) add(held);
  }
  for (const set of sets) {
    add(state.leader[set] ?? 0);
    add((state.summoned[set] ?? 0) * 8 + (state.asleep[set] ?? 0));
    add((state.queue[set] ?? 0) * 2 + Number(state.submitted[set]));
  }
  add(state.handled);
  return key;
}

/** One process's step: reads and changes of shared words, and of its own registers. */
class Step {
  readonly #state: State;
  readonly #me: number;
  readonly #own: Process;

  constructor(state: State, me: number) {
    const own = state.processes[me];
    if (own === undefined) throw new Error(`no process ${me}`);
    this.#state = state;
    this.#me = me;
    this.#own = own;
  }

  get own(): Process {
    return this.#own;
  }

  go(at: string, registers: Partial<Process> = {}, shared: Partial<State> = {}): State {
    const own = { ...this.#own, ...registers, at };
    return { ...this.#state, ...shared, processes: this.#state.processes.with(this.#me, own) };
  }

  next(): readonly State[] {
    const { at } = this.#own;
    return (
      this.#call(at) ?? this.#lead(at) ?? (this.#me === 0 ? this.#submit(at) : this.#thread(at))
    );
  }

  #thread(at: string): readonly State[] {
    const state = this.#state;
    const me = this.#me;
    const { led, set, seen } = this.#own;
    const wakes = state.wakes[me] ?? 0;
    const woken = wakes !== seen;
    const ready = (state.queue[set] ?? 0) > 0;
    switch (at) {
      case "look":
        return [this.go("unmark", { seen: wakes })];
      case "unmark":
        return [this.go("answer", { set: 0 }, { idle: state.idle.with(me, false) })];
      case "answer": {
        const answered =
          state.summoned[set] === me ? { summoned: state.summoned.with(set, 0) } : {};
        return set === 0
          ? [this.go("answer", { set: 1 }, answered)]
          : [this.go("scan", { set: me % 2, after: String(1 - (me % 2)) }, answered)];
      }
      case "scan":
        if (!ready) return [this.#scanned()];
        return [this.go(set === led ? "select" : "who leads")];
      case "who leads":
        if (state.leader[set] !== 0) return [this.#scanned()];
        // The label of where to go on says which set comes then, and which after it.
        if (led !== -1) return [this.#giveUp(`over ${set} ${this.#own.after}`)];
        return [this.go("load")];
      case "load":
        if (state.leader[set] !== 0) return [this.#scanned()];
        return [this.go("take", { held: state.version[set] ?? 0 })];
      case "take":
        if (state.version[set] !== this.#own.held) return [this.#scanned()];
        return [this.go("select", { led: set }, this.#leads(set))];
      case "select":
        if (!ready) return [this.#scanned()];
        return [
          this.#giveUp("others", { queue: state.queue.with(set, (state.queue[set] ?? 0) - 1) }),
        ];
      case "handle":
        if (state.leader.includes(me)) throw new Error("a thread leads while it handles an event");
        // Where it looked as if events waited, it leads none before it looks again.
        return [
          this.go("try lead", { set: 0, after: "again" }, { handled: state.handled + 1 }),
          this.go("again", {}, { handled: state.handled + 1 }),
        ];
      case "again":
        return [this.go("answer", { set: 0 })];
      case "none":
        return [
          led === -1
            ? this.go("try lead", { set: 0, after: "wait" })
            : this.go("announce", { seen: wakes }),
        ];
      case "wait":
        return [led === -1 ? this.go("set idle") : this.go("announce", { seen: wakes })];
      case "announce":
        return [this.go("recheck", { set: 0 }, { asleep: state.asleep.with(led, me) })];
      case "recheck":
        if (!ready) return [set === 0 ? this.go("recheck", { set: 1 }) : this.go("asleep")];
        return [this.go(set === led ? "take back" : "recheck leader")];
      case "recheck leader":
        if (state.leader[set] === 0) return [this.go("take back")];
        return [set === 0 ? this.go("recheck", { set: 1 }) : this.go("asleep")];
      case "asleep":
        return woken ? [this.go("take back")] : [];
      case "take back": {
        const mine = state.asleep[led] === me;
        return [this.go("look", {}, mine ? { asleep: state.asleep.with(led, 0) } : {})];
      }
      case "set idle":
        return [this.go("wanted", { set: 0 }, { idle: state.idle.with(me, true) })];
      case "wanted":
        if (state.leader[set] === 0) return [this.go("claim own")];
        return [set === 0 ? this.go("wanted", { set: 1 }) : this.go("sleep")];
      case "claim own":
        return state.idle[me] === true
          ? [this.go("look", {}, { idle: state.idle.with(me, false) })]
          : [this.go("sleep")];
      case "sleep":
        return woken ? [this.go("look")] : [];
      default:
        return [this.#afterCall(at)];
    }
  }

  /** Goes on after a call: with the other set's, with the set that it goes over to, or with the handler. */
  #afterCall(at: string): State {
    const [what, set, after] = at.split(" ");
    if (what === "over") return this.go("load", { set: Number(set), after: after ?? "" });
    // The set that it led was called for already; without one it took nothing.
    if (what === "others") {
      return this.go("is led", { set: 1 - Number(set), after: "handle" });
    }
    throw new Error(`no step at ${at}`);
  }

  /** The scan goes on with the set that is left, if one is. */
  #scanned(): State {
    const { after } = this.#own;
    return after === "" ? this.go("none") : this.go("scan", { set: Number(after), after: "" });
  }

  #leads(set: number): Partial<State> {
    const { leader, version } = this.#state;
    return {
      leader: leader.with(set, this.#me),
      version: version.with(set, (version[set] ?? 0) + 1),
    };
  }

  #giveUp(after: string, shared: Partial<State> = {}): State {
    const { led } = this.#own;
    const { leader, version } = this.#state;
    return this.go(
      "is led",
      { led: -1, set: led, after: after === "others" ? `others ${led}` : after },
      {
        ...shared,
        leader: leader.with(led, 0),
        version: version.with(led, (version[led] ?? 0) + 1),
      },
    );
  }

  #submit(at: string): readonly State[] {
    const state = this.#state;
    const { set } = this.#own;
    const asleep = state.asleep[set] ?? 0;
    switch (at) {
      case "submit":
        // The other order differs by the threads' numbers only.
        return sets
          .filter((each) => state.submitted[each] !== true)
          .slice(0, 1)
          .map((each) => this.go("ring", { set: each }, this.#submitted(each)));
      case "ring":
        if (asleep === 0) return [this.go("is led", { after: "submit" })];
        return [
          this.go("wake", { held: asleep, after: "submit" }, { asleep: state.asleep.with(set, 0) }),
        ];
      default:
        throw new Error(`no step at ${at}`);
    }
  }

  #submitted(set: number): Partial<State> {
    const { queue, submitted } = this.#state;
    return { queue: queue.with(set, 1), submitted: submitted.with(set, true) };
  }

  /** leadAny: the first set that nobody leads, whether or not it has events. */
  #lead(at: string): readonly State[] | undefined {
    const { version, leader } = this.#state;
    const { led, set, held, after } = this.#own;
    const on = (): State => (set === 0 ? this.go("try lead", { set: 1 }) : this.go(after));
    switch (at) {
      case "try lead":
        if (led !== -1) return [this.go(after)];
        return leader[set] === 0 ? [this.go("lead take", { held: version[set] ?? 0 })] : [on()];
      case "lead take":
        return version[set] === held ? [this.go(after, { led: set }, this.#leads(set))] : [on()];
      default:
        return undefined;
    }
  }

  /** summonFollower for the register's set, while it has events; goes on at `after`. */
  #call(at: string): readonly State[] | undefined {
    const { leader, summoned, queue, idle, asleep, wakes } = this.#state;
    const { set, held, after } = this.#own;
    const done = this.go(after);
    const other = 1 - set;
    switch (at) {
      case "is led":
        return [leader[set] === 0 ? this.go("summoned") : done];
      case "summoned":
        return summoned[set] !== 0 || queue[set] === 0 ? [done] : [this.go("pick")];
      case "pick": {
        const found = idle.flatMap((isIdle, seat) => (isIdle ? [seat] : []));
        if (found.length === 0) return [this.go("call other")];
        return found.map((seat) => this.go("summon", { held: seat }));
      }
      case "summon":
        if (summoned[set] !== 0) return [done];
        return [this.go("claim", {}, { summoned: summoned.with(set, held) })];
      case "claim":
        if (idle[held] !== true) return [this.go("unsummon")];
        return [this.go("wake", {}, { idle: idle.with(held, false) })];
      case "unsummon":
        return [
          this.go(
            "summoned",
            {},
            summoned[set] === held ? { summoned: summoned.with(set, 0) } : {},
          ),
        ];
      case "call other": {
        const leads = asleep[other] ?? 0;
        if (leads === 0) return [done];
        return [this.go("wake", { held: leads }, { asleep: asleep.with(other, 0) })];
      }
      case "wake":
        return [this.go(after, {}, { wakes: wakes.with(held, (wakes[held] ?? 0) + 1) })];
      default:
        return undefined;
    }
  }
}

/** Steps that touch no shared word: taken at once with the step before them. */
function isLocal(at: string): boolean {
  return ["none", "wait", "again", "handle"].includes(at) || (at.includes(" ") && /\d/.test(at));
}

/** The states that one step of each process may lead to; none when all wait or have ended. */
export function nextStates(state: State): readonly State[] {
  return state.processes.flatMap((_, me) =>
    new Step(state, me).next().flatMap((next) => settled(next, me)),
  );
}

function settled(state: State, me: number): readonly State[] {
  const own = state.processes[me];
  if (own === undefined || !isLocal(own.at)) return [state];
  return new Step(state, me).next().flatMap((next) => settled(next, me));
}
