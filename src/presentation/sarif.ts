// A report as SARIF 2.1.0 (OASIS), so that code hosts show findings at their lines in a review. A finding's identity, which
// names no line, is its fingerprint: the host knows it again after the code around it has moved.

import { statementEnd } from "../base/statement-end.ts";
import type { Finding, Site } from "../analysis/report.ts";
import type { Rule } from "../analysis/rules/rule.ts";
import { documentationOf, severityOf } from "./documentation.ts";
import type { JudgedReport, SuppressedFinding } from "./judged-report.ts";

export interface SarifOptions {
  /** Of Poolscope. */
  readonly version: string;
  readonly rules: readonly Rule[];
  /** The text of a file as it ran, by its path in the trace. */
  textOf(file: string): string | undefined;
}

const schema = "https://json.schemastore.org/sarif-2.1.0.json";
const project = "https://github.com/poolscope/poolscope";

export function sarifReport({ report, suppressed }: JudgedReport, options: SarifOptions): object {
  const results = [
    ...report.findings.map((finding) => resultOf(finding, undefined, options)),
    ...suppressed.map((each) => resultOf(each.finding, each, options)),
  ];
  return {
    $schema: schema,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Poolscope",
            version: options.version,
            semanticVersion: options.version,
            informationUri: project,
            rules: options.rules.map(ruleOf),
          },
        },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { SRCROOT: { description: { text: "The root of the package." } } },
        automationDetails: { id: `poolscope/${report.run.module}/` },
        invocations: [
          {
            executionSuccessful: report.run.ended !== "cut" && report.run.ended !== "failed",
            startTimeUtc: report.run.startedAt,
            toolExecutionNotifications: report.problems.map((text) => ({
              level: "warning",
              message: { text },
            })),
          },
        ],
        results,
      },
    ],
  };
}

function ruleOf(rule: Rule): object {
  const help = [
    `${rule.title}.`,
    `Looked at: ${rule.window}`,
    `Needed: ${rule.leastObservations}`,
    `Told from: ${rule.materiality}`,
    `Not to be confused with: ${rule.notConfusedWith}`,
  ];
  return {
    id: rule.id,
    name: rule.id.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: rule.title },
    fullDescription: { text: `${rule.title}. ${rule.materiality}` },
    help: { text: help.join("\n"), markdown: help.join("\n\n") },
    helpUri: documentationOf(rule.id),
    defaultConfiguration: { level: "warning" },
    properties: { tags: ["concurrency", "performance"] },
  };
}

function resultOf(
  finding: Finding,
  suppressed: SuppressedFinding | undefined,
  { rules, textOf }: SarifOptions,
): object {
  const { site, related, identity, score, scoreInterval, metric, mechanism } = finding;
  const index = rules.findIndex(({ id }) => id === finding.rule);
  return {
    ruleId: finding.rule,
    ...(index === -1 ? {} : { ruleIndex: index }),
    kind: "fail",
    level: severityOf(score) === "warning" ? "warning" : "note",
    rank: Math.min(100, Math.max(0, score)),
    message: { text: `${finding.sentence} ${finding.advice}`.trim() },
    locations: site === undefined ? [] : [locationOf(site, textOf(site.file))],
    relatedLocations: related.map((each, id) => ({
      id,
      message: { text: each.sentence },
      ...locationOf(each.site, textOf(each.site.file)),
    })),
    partialFingerprints: { "poolscopeIdentity/v1": identity },
    suppressions: suppressed === undefined ? [] : [suppressionOf(suppressed)],
    properties: { score, scoreInterval, metric, mechanism },
  };
}

function suppressionOf({ by, reason }: SuppressedFinding): object {
  return {
    kind: by === "comment" ? "inSource" : "external",
    status: "accepted",
    ...(reason === "" ? {} : { justification: reason }),
  };
}

function locationOf(site: Site, text: string | undefined): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(site.file), ...(isRelative(site.file) ? base : {}) },
      region: {
        startLine: site.line,
        startColumn: site.column,
        endLine: site.line,
        endColumn: endColumnOf(site, text),
      },
    },
    ...(site.function === ""
      ? {}
      : { logicalLocations: [{ name: site.function, kind: "function" }] }),
  };
}

const base = { uriBaseId: "SRCROOT" };

function isRelative(file: string): boolean {
  return !/^(?:[a-z]:)?[\\/]/i.test(file);
}

function uriOf(file: string): string {
  const path = file.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
  if (isRelative(file)) return path;
  return path.startsWith("/") ? `file://${path}` : `file:///${path.replace("%3A", ":")}`;
}

/** One beyond the last character of the statement, as far as it stands on the site's line. */
function endColumnOf({ line, column }: Site, text: string | undefined): number {
  const rest = text?.split(/\r?\n/)[line - 1]?.slice(column - 1) ?? "";
  return column + Math.max(1, statementEnd(rest));
}
