// Events wait, every thread computes, and processors are free: more threads would do more. That a pool is too large can't be
// told from one run, and is not said.

import { percent } from "../../base/figures.ts";
import { submittingTime } from "../load.ts";
import { boundedSaving } from "../saving.ts";
import { threshold, type Rule } from "./rule.ts";

export const poolTooSmall: Rule = {
  id: "pool-too-small",
  title: "Pool too small",
  window: "from the first event to the last",
  leastObservations: "100 events (`leastEvents`)",
  materiality:
    "fewer threads than processors; events wait half of the time; threads are in turns, or between two of them, 80 % of it (`leastBusy`), in turns alone 60 % (`leastInTurns`), and compute 80 % of that (`leastComputing`); half a processor is free",
  notConfusedWith:
    "threads that wait for locks or calls; events so short that the pool costs more than they do; a machine whose processors others use",
  reads: ["eventSubmitted", "eventSelected", "handlerStarted", "handlerEnded", "osSampled"],
  thresholds: { leastEvents: 100, leastBusy: 80, leastInTurns: 60, leastComputing: 80 },
  find(context) {
    const { load, threads } = context;
    const { window, busy, processor, cores } = load;
    if (!load.saturated || load.events < threshold(context, "leastEvents")) return [];
    if (load.threads >= cores || load.slots < load.threads) return [];
    const most = window * load.threads;
    // What the pool does between two turns keeps a thread from the next event as the turns do.
    const occupied = busy + threads.reduce((sum, { runtime }) => sum + runtime, 0);
    if ((occupied / most) * 100 < threshold(context, "leastBusy")) return [];
    if ((busy / most) * 100 < threshold(context, "leastInTurns")) return [];
    // Whether it had a processor or waited for one.
    const computing = processor + load.ready;
    if ((computing / occupied) * 100 < threshold(context, "leastComputing")) return [];
    const used = (processor + submittingTime(load)) / window;
    if (cores * 0.9 - used < 0.5) return [];
    const all =
      load.threads === 1 ? "the only thread computes" : `all ${load.threads} threads compute`;
    return [
      {
        subject: "",
        site: undefined,
        saving: boundedSaving(load, cores / load.threads, computing),
        sentence:
          `The pool is too small: events wait ${percent(load.queued)} of the time, ${all} ` +
          `(${percent(Math.min(1, computing / occupied))} of the time that events take them), and ${(cores - used).toFixed(1)} of ${cores} processors are free.`,
        advice: `Give the pool ${cores} threads.`,
        remedies: [{ kind: "configuration", key: "threads", value: cores }],
        threads: threads.map(({ thread }) => thread),
        intervals: [{ start: load.start, end: load.end }],
        is: ["capacity"],
        explains: ["queue"],
      },
    ];
  },
};
