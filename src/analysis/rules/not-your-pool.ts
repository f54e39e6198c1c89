// The time was taken elsewhere: by other processes or a limit on processor time, by the main thread, or by what the handlers
// await. That is a finding too, and says exactly which.

import { percent } from "../../base/figures.ts";
import type { Load } from "../load.ts";
import { boundedSaving, savingOf, type Saving } from "../saving.ts";
import { busiestOf } from "../submitting-thread.ts";
import { threshold, type Cause, type Rule, type RuleContext } from "./rule.ts";

export const notYourPool: Rule = {
  id: "not-your-pool",
  title: "Not your pool",
  window: "from the first event to the last",
  leastObservations: "100 events (`leastEvents`), 10 samples of the OS",
  materiality:
    "60 % of the processor time that the pool asks for goes to others (`leastTaken`); throttled in a tenth of the samples (`leastThrottled`); 70 % of the turns' time awaiting where a thread may have one turn only (`leastAwaiting`); a submitting thread, main or workload, that is busy 80 % of the time (`leastMain`) while the pool's threads are idle 30 % of it (`leastIdle`)",
  notConfusedWith:
    "more threads than processors; a submitting thread that is busy while all of the pool's threads are too; async handlers that await much while there is room for more turns",
  reads: ["osSampled", "handlerSuspended", "handlerResumed", "eventSubmitted", "eventSelected"],
  thresholds: {
    leastEvents: 100,
    leastTaken: 60,
    leastThrottled: 10,
    leastAwaiting: 70,
    leastMain: 80,
    leastIdle: 30,
  },
  find(context) {
    const { load } = context;
    if (load.events < threshold(context, "leastEvents") || load.window === 0) return [];
    return [throttled(context), mainThread(context), otherProcesses(context), downstream(context)]
      .filter((cause) => cause !== undefined)
      .slice(0, 1);
  },
};

function cause(
  mechanism: string,
  saving: Cause["saving"],
  sentence: string,
  advice: string,
  rest: Partial<Cause> = {},
): Cause {
  return {
    ...{ mechanism, saving, sentence, advice, subject: mechanism, site: undefined },
    ...{ is: ["capacity"], explains: ["queue", "hand-off", "gap"] },
    ...rest,
  };
}

function throttled(context: RuleContext): Cause | undefined {
  const { records, load } = context;
  const samples = records.osSampled.filter(({ time }) => time >= load.start && time <= load.end);
  const share = samples.filter(({ small }) => small > 0).length / Math.max(1, samples.length);
  if (samples.length < 10 || share * 100 < threshold(context, "leastThrottled")) return undefined;
  return cause(
    "throttling",
    {
      metric: load.saturated ? "throughput" : "p99",
      score: 100 * share,
      low: 0,
      high: 100 * share,
    },
    `Not your pool: the process was throttled by its limit on processor time in ${percent(share)} of the samples.`,
    "Raise the container's limit on processor time, or give the pool fewer threads.",
  );
}

/**
 * The pool's threads wait for processors that the pool itself does not use. What it asks for is what it computes and what it waits
 * to compute, and no more than all processors.
 */
function otherProcesses(context: RuleContext): Cause | undefined {
  const { poolWall, load } = context;
  const waited = load.ready;
  const asked = Math.min(load.processor + waited, load.cores * load.window);
  const taken = 1 - load.processor / Math.max(1, asked);
  if (taken * 100 < threshold(context, "leastTaken")) return undefined;
  return cause(
    "other-processes",
    savingOf(load, { turns: waited, ofTurn: () => waited / Math.max(1, load.events) }),
    `Not your pool: its threads were ready but without a processor for ${percent(waited / poolWall)} of their time, and ` +
      `${percent(taken)} of the processor time that they could have used went to others.`,
    "Profile on a machine that does nothing else, or see what else runs on this one.",
  );
}

/** Who submits is busy all the time while the pool waits for events: there is work, and it comes no faster. */
function mainThread(context: RuleContext): Cause | undefined {
  const { load } = context;
  const idle = 1 - load.busy / (load.window * load.threads);
  if (idle * 100 < threshold(context, "leastIdle")) return undefined;
  const busiest = busiestOf(load.submitters);
  if (busiest === undefined) return undefined;
  const { name, computes, ready, site } = busiest;
  // On a busy machine it also waits to compute; but the OS counts delays after each wake-up too, and those alone are no work.
  const busy = Math.min(1, computes + Math.min(ready, 2 * computes));
  if (busy * 100 < threshold(context, "leastMain")) return undefined;
  return cause(
    "main-thread",
    savingOfSubmitter(load, idle, busy, computes),
    `Not your pool: thread "${name}", which submits the events, is busy ${percent(busy)} of the time ` +
      `while the pool's threads are idle ${percent(idle)} of it: events come no faster.`,
    "Do less for each event where it is submitted and where its result is taken; make payloads beforehand.",
    { site },
  );
}

/**
 * How much of the submitter's time is its own, and how much it takes to submit events and to take their results, isn't seen: half
 * is likely, all or nothing is possible.
 */
function savingOfSubmitter(load: Load, idle: number, busy: number, computes: number): Saving {
  const ofPool = 1 / Math.max(0.01, 1 - idle);
  const saved = (share: number): Saving =>
    boundedSaving(
      load,
      Math.min(ofPool, 1 / Math.max(0.01, 1 - share * busy)),
      load.processor,
      share * computes * load.window,
    );
  return { ...saved(0.5), low: 0, high: saved(1).high };
}

/** Every turn that may be open is, and what they do is to await: the pool waits for others. */
function downstream(context: RuleContext): Cause | undefined {
  const { activities, load, trace, use } = context;
  if (!load.saturated || load.busy < 0.9 * load.window * load.slots) return undefined;
  let awaiting = 0;
  for (const own of activities.values()) {
    for (const { kind, start, end } of own) if (kind === "suspended") awaiting += end - start;
  }
  // A turn that waits for a lock inside its event loop is suspended too, and that is the pool's own matter.
  for (const { start, end } of use.waits) awaiting -= end - start;
  if ((awaiting / load.busy) * 100 < threshold(context, "leastAwaiting")) return undefined;
  const { concurrentEvents } = trace.header.configuration;
  const turns = typeof concurrentEvents === "number" ? concurrentEvents : 1;
  // Who lets threads have several turns knows that they await.
  if (turns > 1) return undefined;
  if (load.processor > 0.5 * load.window * load.cores) return undefined;
  return cause(
    "downstream",
    boundedSaving(load, load.busy / Math.max(1, load.busy - awaiting), load.processor),
    `Not your pool: its turns await others for ${percent(awaiting / load.busy)} of their time, and all ${load.slots} that may be open are.`,
    "Ask what the handlers await to be faster, or let each thread have several turns.",
    { remedies: [{ kind: "configuration", key: "concurrentEvents", value: 8 }] },
  );
}
