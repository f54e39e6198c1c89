// A finding as the panel shows it: what it would be worth, what to do, and when it was seen.

import type { Finding } from "../analysis/report.ts";
import type { FindingRow } from "../protocol/panel-state.ts";
import type { TimelineHead } from "../protocol/timeline.ts";
import { duration } from "./format.ts";
import { siteLink } from "./site-link.ts";

const mostEvidence = 8;

export function findingRow(finding: Finding, { lanes, end }: TimelineHead): FindingRow {
  const { rule, mechanism, identity, score, sentence, advice, site, intervals, threads } = finding;
  return {
    rule: words(rule),
    mechanism: words(mechanism),
    identity,
    score,
    severity: score >= 20 ? "severe" : score >= 5 ? "notable" : "minor",
    gain: gainOf(finding),
    low: finding.scoreInterval.low / 100,
    high: finding.scoreInterval.high / 100,
    sentence,
    advice,
    page: finding.page,
    fix: fixOf(finding),
    site: site === undefined ? undefined : siteLink(site),
    related: finding.related.map(({ sentence, site }) => ({ sentence, site: siteLink(site) })),
    evidence: intervals.slice(0, mostEvidence).map((interval) => ({
      interval,
      text: whenText(interval, end),
    })),
    threads: threads.flatMap((thread) => {
      const lane = lanes.find((each) => each.thread === thread);
      return lane === undefined ? [] : [lane.name];
    }),
  };
}

function words(id: string): string {
  return id.replaceAll("-", " ");
}

function gainOf({ score, scoreInterval, metric }: Finding): string {
  if (score === 0) return "";
  const { low, high } = scoreInterval;
  const of = metric === "throughput" ? "throughput" : "p99";
  const interval =
    Math.round(low) === Math.round(high) ? "" : ` (${Math.round(low)} to ${Math.round(high)} %)`;
  return `about ${Math.round(score)} % of ${of}${interval}`;
}

const remedyLabels = {
  "scoped-release": "Release on every path",
  "move-out-of-lock": "Move work out of the lock",
  "atomics-add": "Use Atomics.add",
  "async-twin": "Use the async call",
  "notify-one": "Notify one",
  "global-lock-order": "Use one lock order",
  "read-write-lock": "Use a read-write lock",
  "striped-lock": "Stripe the lock",
} as const;

function fixOf({ remedies }: Finding): string {
  const [first] = remedies;
  if (first === undefined) return "";
  return first.kind === "configuration"
    ? `Set ${first.key} to ${first.value}`
    : remedyLabels[first.kind];
}

function whenText(
  { start, end }: { readonly start: number; readonly end: number },
  last: number,
): string {
  const length = Math.min(end, last) - start;
  return length > 0 ? `at ${duration(start)}, for ${duration(length)}` : `at ${duration(start)}`;
}
