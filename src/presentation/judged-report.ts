// A report with its findings told apart: those that stand, and those that the person wants to see no more.

import type { Finding, Report } from "../analysis/report.ts";
import type { Suppression } from "../analysis/suppression.ts";

export interface SuppressedFinding extends Suppression {
  readonly finding: Finding;
}

export interface JudgedReport {
  /** With the findings that stand only. */
  readonly report: Report;
  readonly suppressed: readonly SuppressedFinding[];
}

export function judgedReport(
  report: Report,
  suppressionOf: (finding: Finding) => Suppression | undefined,
): JudgedReport {
  const judged = report.findings.map((finding) => ({ finding, by: suppressionOf(finding) }));
  return {
    report: {
      ...report,
      findings: judged.filter(({ by }) => by === undefined).map(({ finding }) => finding),
    },
    suppressed: judged.flatMap(({ finding, by }) => (by === undefined ? [] : [{ finding, ...by }])),
  };
}
