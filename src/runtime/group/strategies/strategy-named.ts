// The strategies by their names, each made anew for a group: most keep where they are in their round.

import type { BalancingStrategy, GroupOptions, StrategyName } from "../group-front.ts";
import { consistentHash } from "./consistent-hash.ts";
import { dynamicRoundRobin } from "./dynamic-round-robin.ts";
import { geographic } from "./geographic.ts";
import { leastConnections } from "./least-connections.ts";
import { powerOfTwoChoices } from "./power-of-two-choices.ts";
import { roundRobin } from "./round-robin.ts";
import { weightedRoundRobin } from "./weighted-round-robin.ts";

export const strategyNames: readonly StrategyName[] = [
  "round-robin",
  "dynamic-round-robin",
  "weighted-round-robin",
  "least-connections",
  "consistent-hash",
  "geographic",
  "power-of-two-choices",
];

export function strategyNamed(
  name: StrategyName,
  regions: NonNullable<GroupOptions["regions"]>,
  random: () => number,
): BalancingStrategy {
  switch (name) {
    case "round-robin":
      return roundRobin();
    case "dynamic-round-robin":
      return dynamicRoundRobin();
    case "weighted-round-robin":
      return weightedRoundRobin();
    case "least-connections":
      return leastConnections();
    case "consistent-hash":
      return consistentHash();
    case "geographic":
      return geographic(regions);
    case "power-of-two-choices":
      return powerOfTwoChoices(random);
  }
}
