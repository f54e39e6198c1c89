// The comparison of concurrency models as the panel shows it: a row a model, with texts that are ready to be shown.

import type {
  ModelChange,
  ModelComparison,
  ModelRow,
  ModelTable,
  ModelTableRow,
  ModelVerdict,
} from "../protocol/model-comparison.ts";
import { intervalText } from "./comparison-sentence.ts";
import { count, duration, percent } from "./format.ts";
import { modelPurposes, modelWords } from "./model-words.ts";

/** `comparison` is of a module that is given by its absolute path. */
export function modelTable(comparison: ModelComparison): ModelTable {
  const { module, sentence, remarks, rounds, eventsPerBlock, rows } = comparison;
  return {
    version: 1,
    module,
    sentence,
    rows: rows.map(tableRow),
    remarks: [
      ...remarks,
      `${count(rounds)} rounds, in each of them fresh processes and ${count(eventsPerBlock)} events for every model, in an order drawn anew. ` +
        "Figures are medians of the rounds; intervals hold 98 %.",
    ],
  };
}

function tableRow(row: ModelRow): ModelTableRow {
  const { model, fits, against, differing } = row;
  return {
    model,
    name: modelWords[model],
    purpose: modelPurposes[model],
    fits,
    threads: count(row.threads),
    throughput: count(row.throughput),
    p50: duration(row.p50),
    p99: duration(row.p99),
    cpuPerEvent: duration(row.cpuPerEvent),
    handOffsPerEvent: row.handOffsPerEvent.toFixed(2),
    switchesPerEvent: row.switchesPerEvent.toFixed(2),
    lockWait: percent(row.lockWait),
    against: against && verdictOf(against.throughput, differing),
    againstP99: against?.p99 && verdictOf(against.p99, differing),
    notes: notesOf(row),
    trace: row.trace,
  };
}

/** Of handlers that give other results no speed is told: they do something else. */
function verdictOf(change: ModelChange, differing: readonly string[]): ModelVerdict {
  const interval = intervalText(change);
  if (differing.length > 0) return { verdict: "results-differ", interval };
  if (change.verdict === "better") return { verdict: "faster", interval };
  return { verdict: change.verdict === "worse" ? "slower" : change.verdict, interval };
}

function notesOf({ failed, differing, note }: ModelRow): string[] {
  return [
    ...(differing.length === 0
      ? []
      : [`${differing.join(", ")} gave other results than under Leader/Followers.`]),
    ...(failed === 0 ? [] : [`${count(failed)} ${failed === 1 ? "event" : "events"} failed.`]),
    ...(note === "" ? [] : [`${note.charAt(0).toUpperCase()}${note.slice(1)}.`]),
  ];
}
