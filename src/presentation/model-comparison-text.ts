// The comparison of concurrency models on a terminal: the sentence, the table, the remarks.

import { visibleTexts } from "../base/visible.ts";
import type { ModelChange, ModelComparison } from "../protocol/model-comparison.ts";
import { palette } from "./colour.ts";
import { count, duration, percent, table } from "./format.ts";
import { modelWords } from "./model-words.ts";

export function modelComparisonText(result: ModelComparison, colour: boolean): string {
  const paint = palette(colour);
  const { rows, sentence, remarks, rounds, module, eventsPerBlock } = visibleTexts(result);
  const cells = rows.map((row) => [
    modelWords[row.model],
    String(row.threads),
    count(row.throughput),
    changeText(row.against?.throughput),
    duration(row.p50),
    duration(row.p99),
    changeText(row.against?.p99),
    duration(row.cpuPerEvent),
    row.handOffsPerEvent.toFixed(2),
    row.switchesPerEvent.toFixed(2),
    percent(row.lockWait),
    count(row.failed),
  ]);
  const heads = [
    "model",
    "threads",
    "events/s",
    "against L/F",
    "p50",
    "p99",
    "against L/F",
    "cpu/event",
    "hand-offs/event",
    "switches/event",
    "lock wait",
    "failed",
  ];
  const [head = "", ...lines] = table(
    [heads, ...cells],
    heads.map((_, column) => column > 0),
  );
  const notes = rows.flatMap(({ model, note }) =>
    note === "" ? [] : [`${modelWords[model]}: ${note}.`],
  );
  const traces = rows.flatMap(({ trace }) =>
    trace === "" ? [] : [paint.quiet(`trace  ${trace}`)],
  );
  return [
    paint.strong(sentence),
    "",
    paint.quiet(`${module}   ${rounds} rounds of ${count(eventsPerBlock)} events a model`),
    paint.quiet(head),
    ...lines,
    "",
    ...notes,
    ...remarks,
    ...traces,
    "",
  ].join("\n");
}

function changeText(change: ModelChange | undefined): string {
  if (change === undefined) return "";
  const { verdict, low, high } = change;
  if (verdict === "no-difference") return "no difference";
  if (verdict === "could-not-tell") return "could not tell";
  return `x${(1 + low).toFixed(2)} to x${(1 + high).toFixed(2)}`;
}
