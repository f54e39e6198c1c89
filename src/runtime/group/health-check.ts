// Looks at the pools of a group from time to time: a pool is down after so many failed checks in a row, and up again after as many
// good ones. Between two checks, a pool that says itself that it is broken is down at once.

import type { Pool } from "../pool-front.ts";
import type { HealthOptions } from "./group-front.ts";
import type { Member } from "./member.ts";

export interface CheckedHealth {
  readonly everyMillis: number;
  readonly withinMillis: number;
  readonly inARow: number;
  readonly probe: HealthOptions["probe"];
}

export class HealthCheck {
  readonly #options: CheckedHealth;
  readonly #members: () => Iterable<Member>;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  /** Checks that contradicted the member's state, in a row. */
  readonly #contrary = new Map<Member, number>();
  readonly #running = new Set<Member>();

  /** Runs until it is stopped; keeps no process alive. */
  constructor(options: CheckedHealth, members: () => Iterable<Member>, now: () => number) {
    this.#options = options;
    this.#members = members;
    this.#now = now;
    this.#timer = setInterval(() => this.#checkAll(), options.everyMillis).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #checkAll(): void {
    for (const member of this.#members()) {
      // A check that still runs is not started twice.
      if (this.#running.has(member) || member.state.kind === "draining") continue;
      this.#running.add(member);
      void this.#check(member).finally(() => this.#running.delete(member));
    }
  }

  async #check(member: Member): Promise<void> {
    const problem = await this.#problemOf(member);
    const isUp = problem === undefined;
    if (member.state.kind === "draining") return;
    if (isUp === (member.state.kind === "up")) {
      this.#contrary.delete(member);
      return;
    }
    const contrary = (this.#contrary.get(member) ?? 0) + 1;
    this.#contrary.set(member, contrary);
    if (contrary < this.#options.inARow) return;
    this.#contrary.delete(member);
    const since = this.#now();
    member.state = isUp ? { kind: "up", since } : { kind: "down", since, reason: problem };
  }

  async #problemOf({ given: { pool } }: Member): Promise<string | undefined> {
    const { probe, withinMillis } = this.#options;
    const problem = problemOf(pool);
    if (problem !== undefined || probe === undefined) return problem;
    const late = AbortSignal.timeout(withinMillis);
    try {
      await Promise.race([pool.submit(probe, { signal: late }), rejectedBy(late)]);
      return undefined;
    } catch (error) {
      if (late.aborted) return `its probe was not answered within ${withinMillis} ms`;
      return `its probe failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
}

/** Why a pool takes no events, by its own word. */
export function problemOf({ state }: Pool): string | undefined {
  if (state.kind === "broken") return state.reason;
  return state.kind === "closed" ? "it is closed" : undefined;
}

/** A handler may not look at its signal. */
function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
}
