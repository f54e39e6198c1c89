// Refuses what a group can't be made of, naming the key, the value and what is allowed.

import { nearest } from "../../base/nearest.ts";
import type { BalancingStrategy, GroupOptions, GroupPool } from "./group-front.ts";
import type { CheckedHealth } from "./health-check.ts";
import { strategyNamed, strategyNames } from "./strategies/strategy-named.ts";

export interface CheckedGroup {
  readonly strategy: BalancingStrategy;
  readonly health: CheckedHealth;
  readonly slowStartMillis: number;
  readonly retries: number;
}

/** Throws a RangeError or TypeError with one sentence. */
export function checkGroup(options: GroupOptions, random: () => number): CheckedGroup {
  const { health = {}, rateLimit, regions = {}, strategy = "power-of-two-choices" } = options;
  if (!Array.isArray(options.pools) || options.pools.length === 0) {
    throw new TypeError("pools: a group needs at least one pool: [{ name, pool }].");
  }
  if (rateLimit !== undefined) {
    positive("rateLimit.perSecond", rateLimit.perSecond);
    if (rateLimit.burst !== undefined) positive("rateLimit.burst", rateLimit.burst, 1);
  }
  const { everyMillis = 1000, withinMillis = 2000, inARow = 2, probe } = health;
  return {
    strategy: strategyOf(strategy, regions, random),
    health: {
      everyMillis: positive("health.everyMillis", everyMillis),
      withinMillis: positive("health.withinMillis", withinMillis),
      inARow: positive("health.inARow", inARow, 1),
      probe,
    },
    slowStartMillis: positive("slowStartMillis", options.slowStartMillis ?? 0, 0),
    retries: positive("retries", options.retries ?? 0, 0),
  };
}

export function checkGroupPool(given: GroupPool, names: ReadonlySet<string>): void {
  const { name, weight = 1, limit = 1 } = given;
  if (typeof name !== "string" || name === "") throw new TypeError("A pool's name is a text.");
  if (names.has(name)) throw new TypeError(`There is a pool "${name}" in the group already.`);
  positive(`weight of pool "${name}"`, weight);
  positive(`limit of pool "${name}"`, limit, 1);
}

function strategyOf(
  given: NonNullable<GroupOptions["strategy"]>,
  regions: NonNullable<GroupOptions["regions"]>,
  random: () => number,
): BalancingStrategy {
  if (typeof given === "object") {
    if (typeof given.choose === "function") return given;
    throw new TypeError(`strategy "${given.name}" has no function choose(event, pools).`);
  }
  if (!strategyNames.includes(given)) {
    const name = nearest(given, strategyNames);
    const hint = name === undefined ? "" : ` Did you mean "${name}"?`;
    throw new RangeError(
      `strategy: "${given}" is not allowed; give one of ${strategyNames.join(", ")}, or your own.${hint}`,
    );
  }
  if (given === "geographic" && Object.keys(regions).length === 0) {
    throw new TypeError('strategy "geographic" needs regions: { europe: ["europe", "asia"] }.');
  }
  return strategyNamed(given, regions, random);
}

function positive(key: string, value: number, least = Number.MIN_VALUE): number {
  if (typeof value === "number" && value >= least) return value;
  const allowed = least === Number.MIN_VALUE ? "a number above 0" : `a number from ${least}`;
  throw new RangeError(`${key}: ${String(value)} is not allowed; give ${allowed}.`);
}
