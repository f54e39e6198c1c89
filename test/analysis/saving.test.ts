// What removing a cause may save, as far as processors allow it.

import assert from "node:assert/strict";
import type { Load } from "../../src/analysis/load.ts";
import { boundedSaving } from "../../src/analysis/saving.ts";

/** A second of a saturated pool of two threads that computes half a second, on four processors. */
const quiet: Load = {
  start: 0,
  end: 1e9,
  window: 1e9,
  slots: 2,
  threads: 2,
  cores: 4,
  events: 1000,
  busy: 2e9,
  processor: 0.5e9,
  ready: 0,
  submitters: [],
  queued: 1,
  saturated: true,
  slowest: [],
};

const scoreOf = (load: Load, speedUp: number): number =>
  boundedSaving(load, speedUp, load.processor).score;

describe("a saving that processors bound", () => {
  it("is what the speed-up gives while there are processors enough", () => {
    assert.equal(scoreOf(quiet, 2), 50);
  });

  it("ends where all processors are used, nine tenths of them for the pool and those that submit", () => {
    // 3.6 s of processors to be had, 0.5 s used: at most 7.2 times as fast.
    assert.equal(scoreOf(quiet, 100).toFixed(2), (100 * (1 - 0.5 / 3.6)).toFixed(2));
  });

  it("knows that who submits computes for each event too", () => {
    const submitters = [{ name: "workload", computes: 0.7, ready: 0, site: undefined }];
    const score = scoreOf({ ...quiet, submitters }, 100);
    assert.equal(score.toFixed(2), (100 * (1 - 1.2 / 3.6)).toFixed(2));
  });

  it("gets no more of what is left than threads got of what they asked for", () => {
    // Half of it: 0.5 s used, and half of the other 3.1 s.
    const score = scoreOf({ ...quiet, ready: 0.5e9 }, 100);
    assert.equal(score.toFixed(2), (100 * (1 - 0.5 / 2.05)).toFixed(2));
  });

  it("counts what would be gone of the processor time as free", () => {
    const { score } = boundedSaving(quiet, 100, 0.25e9);
    assert.equal(score.toFixed(2), (100 * (1 - 0.25 / 3.6)).toFixed(2));
  });
});
