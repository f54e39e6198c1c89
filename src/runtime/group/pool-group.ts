// Several pools behind one submit. For each event: the pools that may take it, the strategy's choice among them, and when that
// pool does not take it after all, the others. Every event that submit took settles once.

import { HealthCheck, problemOf } from "./health-check.ts";
import { checkGroup, checkGroupPool, type CheckedGroup } from "./check-group-options.ts";
import { ClientLimits } from "./client-limits.ts";
import { groupFindings } from "./group-findings.ts";
import type {
  GroupEvent,
  GroupFigures,
  GroupFinding,
  GroupOptions,
  GroupPool,
  PoolGroup,
} from "./group-front.ts";
import { Member } from "./member.ts";
import { Period } from "./period.ts";
import type { SubmitOptions } from "../handler.ts";
import type { CloseOptions } from "../pool-front.ts";

interface Counts {
  submitted: number;
  limited: number;
  full: number;
  strategyFailures: number;
  unknownRegion: number;
}

const zero = (): Counts => ({
  submitted: 0,
  limited: 0,
  full: 0,
  strategyFailures: 0,
  unknownRegion: 0,
});

export interface GroupClock {
  /** Milliseconds. */
  now(): number;
  random(): number;
}

export class BalancedGroup implements PoolGroup {
  readonly #options: GroupOptions;
  readonly #checked: CheckedGroup;
  readonly #clock: GroupClock;
  readonly #members = new Map<string, Member>();
  readonly #health: HealthCheck;
  readonly #clients: ClientLimits;
  readonly #counts: Period<Counts>;
  #strategyFailure = "";
  #closed = false;

  constructor(options: GroupOptions, clock: GroupClock) {
    this.#options = options;
    this.#clock = clock;
    this.#checked = checkGroup(options, clock.random);
    this.#clients = new ClientLimits(options.rateLimit, clock.now);
    this.#counts = new Period(clock.now, zero);
    for (const pool of options.pools) this.add(pool);
    this.#health = new HealthCheck(this.#checked.health, () => this.#members.values(), clock.now);
  }

  add(pool: GroupPool): void {
    checkGroupPool(pool, new Set(this.#members.keys()));
    this.#members.set(pool.name, new Member(pool, this.#clock.now));
  }

  async submit(event: GroupEvent, options?: SubmitOptions): Promise<unknown> {
    if (this.#closed) throw new Error("The group is closed; no event can be submitted.");
    this.#admit(event);
    const tried = new Set<Member>();
    for (let retries = this.#checked.retries; ;) {
      const member = this.#choose(event, tried);
      tried.add(member);
      const settled = member.give();
      try {
        const result = await member.given.pool.submit(event, options);
        settled(true);
        return result;
      } catch (error) {
        settled(false);
        const how = howItFailed(error);
        if (how === "handler") throw error;
        this.#setDown(member);
        if (how === "perhaps-run" && retries-- <= 0) throw error;
        if (this.#offered(tried).length === 0) throw error;
      }
    }
  }

  async drain(name: string): Promise<void> {
    const member = this.#member(name);
    member.state = { kind: "draining", since: this.#clock.now() };
    await member.emptied();
  }

  resume(name: string): void {
    const member = this.#member(name);
    if (member.state.kind === "draining") {
      member.state = { kind: "up", since: this.#clock.now() };
    }
  }

  async remove(name: string): Promise<void> {
    await this.drain(name);
    this.#members.delete(name);
  }

  figures(): GroupFigures {
    const [before, current] = this.#counts.all;
    const sum = (of: keyof Counts): number => before[of] + current[of];
    return {
      strategy: this.#checked.strategy.name,
      seconds: this.#counts.millis / 1000,
      pools: [...this.#members.values()].map((member) => member.figures()),
      clients: this.#clients.busiest(),
      submitted: sum("submitted"),
      limited: sum("limited"),
      full: sum("full"),
      strategyFailures: sum("strategyFailures"),
      strategyFailure: this.#strategyFailure,
      unknownRegion: sum("unknownRegion"),
    };
  }

  findings(): readonly GroupFinding[] {
    return groupFindings(this.figures());
  }

  async close(options?: CloseOptions): Promise<void> {
    this.#closed = true;
    this.#health.stop();
    const closes = [...this.#members.values()].map(({ given }) => given.pool.close(options));
    // One that fails is no reason not to wait for the others.
    await Promise.allSettled(closes);
    await Promise.all(closes);
  }

  #member(name: string): Member {
    const member = this.#members.get(name);
    if (member !== undefined) return member;
    const names = [...this.#members.keys()].join(", ");
    throw new RangeError(`There is no pool "${name}" in the group; there is ${names}.`);
  }

  #admit({ client, region }: GroupEvent): void {
    const counts = this.#counts.current;
    counts.submitted++;
    const { regions } = this.#options;
    if (regions !== undefined && (region === undefined || !Object.hasOwn(regions, region))) {
      counts.unknownRegion++;
    }
    if (this.#clients.allows(client)) return;
    counts.limited++;
    const { perSecond } = this.#options.rateLimit ?? { perSecond: 0 };
    throw named(
      "RateLimitError",
      `Client "${client ?? ""}" sends more than its ${perSecond} events a second.`,
    );
  }

  /** Pools that are up, not full and not tried yet; those that warm up for their share of events only. */
  #offered(tried: ReadonlySet<Member>): readonly Member[] {
    const up = [...this.#members.values()].filter(
      (member) => member.state.kind === "up" && !tried.has(member),
    );
    for (const member of up) if (problemOf(member.given.pool) !== undefined) this.#setDown(member);
    const able = up.filter((member) => member.state.kind === "up" && !member.isFull);
    const warm = able.filter((member) =>
      member.takesPart(this.#checked.slowStartMillis, this.#clock.random()),
    );
    return warm.length > 0 ? warm : able;
  }

  #choose(event: GroupEvent, tried: ReadonlySet<Member>): Member {
    const offered = this.#offered(tried);
    if (offered.length === 0) throw this.#noneLeft();
    const { strategy } = this.#checked;
    let choice: unknown;
    try {
      choice = strategy.choose(event, offered);
    } catch (error) {
      const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      throw this.#strategyFailed(`threw ${why}`, error);
    }
    const member = offered.find((each) => each === choice);
    if (member !== undefined) return member;
    throw this.#strategyFailed(
      `chose ${described(choice)}, which is none of the pools it was given`,
    );
  }

  #strategyFailed(what: string, cause?: unknown): Error {
    this.#counts.current.strategyFailures++;
    this.#strategyFailure = what;
    const message = `Strategy "${this.#checked.strategy.name}" ${what}.`;
    return named("StrategyError", message, cause);
  }

  #noneLeft(): Error {
    const up = [...this.#members.values()].filter(({ state }) => state.kind === "up");
    for (const member of up) member.refusedFull();
    if (up.length > 0) {
      this.#counts.current.full++;
      const names = up.map(({ name }) => name).join(", ");
      return named("GroupFullError", `Every pool that is up is at its limit: ${names}.`);
    }
    const states = [...this.#members.values()].map(({ name, state }) => {
      return `${name} is ${state.kind}${state.kind === "down" ? ` (${state.reason})` : ""}`;
    });
    return named("NoPoolError", `No pool can take the event: ${states.join("; ")}.`);
  }

  #setDown(member: Member): void {
    if (member.state.kind !== "up") return;
    const reason = problemOf(member.given.pool) ?? "it took no event";
    member.state = { kind: "down", since: this.#clock.now(), reason };
  }
}

/** `not-run`: its pool never started it. `perhaps-run`: its pool died while it had it. Else its handler's own doing. */
function howItFailed(error: unknown): "not-run" | "perhaps-run" | "handler" {
  const name = error instanceof Error ? error.name : "";
  if (name === "PoolClosedError" || name === "PoolBrokenError") return "not-run";
  return name === "PoolDiedError" ? "perhaps-run" : "handler";
}

function named(name: string, message: string, cause?: unknown): Error {
  const error = cause === undefined ? new Error(message) : new Error(message, { cause });
  error.name = name;
  return error;
}

function described(value: unknown): string {
  if (typeof value !== "object" || value === null) return String(value);
  return "name" in value && typeof value.name === "string" ? `"${value.name}"` : "an object";
}
