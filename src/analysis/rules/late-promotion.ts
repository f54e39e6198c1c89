// The pattern's classic mistake: the leader handles its event first and promotes afterwards, so that nobody takes the next event.

import { count, percent } from "../../base/figures.ts";
import { boundedSaving, savingOfIdle } from "../saving.ts";
import { lostInGaps } from "./leaderless-gap.ts";
import { threshold, type Rule } from "./rule.ts";

export const latePromotion: Rule = {
  id: "late-promotion",
  title: "Late promotion",
  window: "each event, from its selection to its handler",
  leastObservations: "20 handlers that began before the promotion (`leastEvents`)",
  materiality: "half of the events (`leastShare`), and 2 % of throughput or p99",
  notConfusedWith: "a promotion whose record was dropped; a hand-off that takes long",
  reads: ["eventSelected", "promoted", "handlerStarted", "roleChanged"],
  thresholds: { leastEvents: 20, leastShare: 50 },
  find(context) {
    const { seen, load, trace } = context;
    if (trace.header.model !== "leader-followers") return [];
    const late = seen.breaches.filter(({ invariant }) => invariant === "I2");
    if (late.length < threshold(context, "leastEvents")) return [];
    const share = late.length / Math.max(1, load.events);
    if (share * 100 < threshold(context, "leastShare")) return [];
    const { lost, ofTurn } = lostInGaps(context, seen.gaps);
    const atOnce = load.window === 0 ? 0 : load.busy / load.window;
    // One thread at a time works while the others could: what they lose is idle time that no gap of a busy leader shows.
    const saving = load.saturated
      ? boundedSaving(load, load.threads / Math.max(1, atOnce), load.processor)
      : savingOfIdle(load, lost, ofTurn);
    return [
      {
        subject: "",
        site: undefined,
        saving,
        sentence:
          `The leader promotes only after its handler: ${count(late.length)} events, ${percent(share)}, began before the promotion, ` +
          `so that ${atOnce.toFixed(1)} of ${load.threads} threads work at once.`,
        advice: 'Promote before the handler: set "when" to "on-demand" or "eager".',
        remedies: [{ kind: "configuration", key: "when", value: "on-demand" }],
        threads: [...new Set(late.map(({ thread }) => thread))].sort((one, other) => one - other),
        intervals: late.slice(0, 3).map(({ at }) => ({ start: at, end: at })),
        is: ["late"],
        explains: ["gap", "hand-off", "queue", "capacity"],
      },
    ];
  },
};
