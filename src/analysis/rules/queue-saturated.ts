// The queue is full and events are refused.

import { count, percent } from "../../base/figures.ts";
import { savingOfHazard } from "../saving.ts";
import { handlerName } from "../sites.ts";
import { addTo, longestFirst, partsSeen } from "./evidence.ts";
import { threshold, type Rule } from "./rule.ts";

export const queueSaturated: Rule = {
  id: "queue-saturated",
  title: "Queue saturated",
  window: "the whole run, and at least 3 of its 20 parts",
  leastObservations: "20 refused events (`leastShed`)",
  materiality: "2 % of the events (`leastShare`)",
  notConfusedWith: "a burst; a full queue whose cause is known, which then is the finding",
  reads: ["eventShed", "eventSubmitted"],
  thresholds: { leastShed: 20, leastShare: 2 },
  find(context) {
    const { trace, records, lives, load } = context;
    const shed = records.eventShed;
    const share = shed.length / Math.max(1, lives.submitted);
    if (shed.length < threshold(context, "leastShed") || load.window === 0) return [];
    if (share * 100 < threshold(context, "leastShare")) return [];
    if (
      partsSeen(
        context,
        shed.map(({ time }) => time),
      ) < 3
    )
      return [];
    const handlers = new Map<number, number>();
    for (const { b } of shed) addTo(handlers, b, 1);
    const [worst] = longestFirst(handlers);
    const name = worst === undefined ? "" : handlerName(trace, worst[0]);
    const capacity = trace.header.configuration["capacity"];
    const of = typeof capacity === "number" ? `, which holds ${count(capacity)},` : "";
    return [
      {
        subject: "queue",
        site: undefined,
        saving: savingOfHazard(load, share),
        sentence: `The queue${of} is full: ${count(shed.length)} events, ${percent(share)}, were shed, most of them "${name}".`,
        advice: "Submit less, make the slowest handler faster, or wait where events may wait.",
        remedies: [{ kind: "configuration", key: "whenFull", value: "wait" }],
        intervals: [{ start: shed[0]?.time ?? 0, end: shed.at(-1)?.time ?? 0 }],
        is: ["queue"],
        explains: [],
      },
    ];
  },
};
