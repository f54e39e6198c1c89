// A scenario is what each thread of a schedule does with the synchronizers, and leaves in `data`.

import type { Synchronizers } from "../../../src/sync/synchronizers.ts";

export interface ScenarioWorld {
  /** From 1. */
  readonly worker: number;
  readonly data: Int32Array;
  turn(number: number): Synchronizers;
}

export type Scenario = (world: ScenarioWorld) => void | Promise<void>;

/** Words of `data` with a meaning of their own. */
export const wrong = 62;
/** The worker that ended its scenario with an error. */
export const threw = 63;
