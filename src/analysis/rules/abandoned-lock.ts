// A lock whose holder's thread died: the next one to take it found what it guards perhaps half changed.

import { times } from "../../base/figures.ts";
import { groupBy } from "../../base/group-by.ts";
import { savingOfHazard } from "../saving.ts";
import { lockNames, siteOf } from "../sites.ts";
import { atPlace } from "./evidence.ts";
import type { Rule } from "./rule.ts";

export const abandonedLock: Rule = {
  id: "abandoned-lock",
  title: "Abandoned lock",
  window: "the whole run",
  leastObservations: "one",
  materiality: "always; evidence of the crash where that was recorded too",
  notConfusedWith: "a guard left held, whose thread lives",
  reads: ["lockAbandoned", "holdSeen"],
  thresholds: {},
  find({ trace, records, load, runs }) {
    const nameOf = lockNames(trace);
    return [...groupBy(records.lockAbandoned, ({ a }) => a)].map(([lock, left]) => {
      const dead = left.map(({ c }) => c - 1);
      const held = records.holdSeen.findLast(
        ({ a, thread }) => a === lock && dead.includes(thread),
      );
      const site = siteOf(trace, held?.b ?? 0);
      const name = nameOf(lock);
      return {
        subject: name,
        site,
        saving: savingOfHazard(load, left.length / Math.max(1, runs.length)),
        sentence:
          `Lock "${name}" was taken over ${times(left.length)} from a thread that died holding it${atPlace(site)}: ` +
          "what it guards may be half changed.",
        advice: "Look at guard.abandoned after each acquire, and repair what the lock guards.",
        threads: dead,
        intervals: left.slice(0, 3).map(({ time }) => ({ start: time, end: time })),
        is: [`abandoned:${name}`, "abandoned"],
        explains: [],
      };
    });
  },
};
