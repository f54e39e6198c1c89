// Findings as LSP diagnostics: one short span each at the culprit's acquire, the victims as related information.

import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  DiagnosticSeverity,
  type Diagnostic,
  type DiagnosticRelatedInformation,
} from "vscode-languageserver/node";
import { visible } from "../base/visible.ts";
import type { Finding } from "../analysis/report.ts";
import type { FindingData } from "../protocol/finding-data.ts";
import { documentationOf, severityOf } from "../presentation/documentation.ts";
import type { PlacedFinding } from "./placed-findings.ts";

/** Never overlapping: of two findings at one span the worse one stands, the other is named in it. */
export function diagnosticsOf(placed: readonly PlacedFinding[]): Diagnostic[] {
  const bySpan = new Map<string, PlacedFinding[]>();
  for (const each of placed) {
    const { line, character } = each.at.place;
    const key = `${line}:${character}`;
    bySpan.set(key, [...(bySpan.get(key) ?? []), each]);
  }
  return [...bySpan.values()].map((group) =>
    diagnosticOf(group.toSorted((first, second) => second.finding.score - first.finding.score)),
  );
}

function diagnosticOf(group: readonly PlacedFinding[]): Diagnostic {
  const [worst, ...others] = group;
  if (worst === undefined) throw new Error("Poolscope defect: a group without findings");
  const { finding, at, root, trace } = worst;
  const also = others.map((other) => ` Also: ${other.finding.sentence}`).join("");
  const stale =
    at.kind === "stale" ? "This function has changed since it was profiled. Before: " : "";
  const [interval] = finding.intervals;
  const data: FindingData = {
    identity: finding.identity,
    page: finding.page,
    trace,
    start: interval?.start ?? 0,
    end: interval?.end ?? 0,
  };
  return {
    range: rangeOf(worst),
    severity: at.kind === "stale" ? DiagnosticSeverity.Hint : severityIn(finding),
    source: "Poolscope",
    code: finding.rule,
    codeDescription: { href: documentationOf(finding.rule) },
    message: visible(`${stale}${finding.sentence}${also}`),
    relatedInformation: relatedOf(worst, root),
    data,
  };
}

export function rangeOf({ at }: PlacedFinding): Diagnostic["range"] {
  const { line, character, endCharacter } = at.place;
  return { start: { line, character }, end: { line, character: endCharacter } };
}

/** What is about no line of code is no warning of the line that it stands at. */
function severityIn({ score, site }: Finding): DiagnosticSeverity {
  return site === undefined ? DiagnosticSeverity.Information : severities[severityOf(score)];
}

const severities = {
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
} as const;

function relatedOf({ finding }: PlacedFinding, root: string): DiagnosticRelatedInformation[] {
  return finding.related.map(({ sentence, site }) => {
    const position = { line: site.line - 1, character: site.column - 1 };
    const uri = pathToFileURL(join(root, site.file)).href;
    return {
      message: visible(sentence),
      location: { uri, range: { start: position, end: position } },
    };
  });
}
