// The findings of the newest runs, by the files they point at, placed on the text as it is now. Diagnostics, hovers, lenses
// and code actions are made from these.

import { join } from "node:path";
import type { Finding, HandlerLatency, Hotspot, Report, Site } from "../analysis/report.ts";
import { suppressionOf } from "../analysis/suppression.ts";
import { standingSite } from "./finding-site.ts";
import type { OtherFile } from "./source/other-files.ts";
import { presentPlace, type PresentPlace } from "./present-place.ts";
import type { RunFindings } from "./trace-thread-messages.ts";

export interface ShownRun {
  readonly trace: string;
  readonly findings: RunFindings;
}

export interface PlacedFinding {
  readonly trace: string;
  readonly root: string;
  readonly finding: Finding;
  readonly at: PresentPlace;
  readonly hotspot: Hotspot | undefined;
}

/** Absolute paths that the findings of these runs point at. */
export function filesOf(runs: readonly ShownRun[]): Set<string> {
  return new Set(
    runs.flatMap(({ findings }) =>
      findings.report.findings.flatMap((finding) => {
        const site = siteIn(findings, finding);
        return site === undefined ? [] : [join(findings.root, site.file)];
      }),
    ),
  );
}

/** Findings at this file, those ignored left out. `text` is the file's present text. */
export function placedFindings(
  runs: readonly ShownRun[],
  file: string,
  text: string,
  isIgnored: (identity: string, file: string) => boolean,
): PlacedFinding[] {
  return runs.flatMap(({ trace, findings }) => {
    const { root, report } = findings;
    return report.findings.flatMap((finding): PlacedFinding[] => {
      const site = siteIn(findings, finding);
      if (site === undefined || join(root, site.file) !== file) return [];
      const recorded = textOf(findings, site.file);
      // Without the text that ran, no line is known to be the right one.
      if (recorded === undefined) return [];
      const at = presentPlace(file, recorded, text, site.line, site.column);
      const line = at.place.line + 1;
      const ignored = (identity: string): boolean => isIgnored(identity, file);
      if (suppressionOf(finding, text, line, ignored) !== undefined) return [];
      return [{ trace, root, finding, at, hotspot: hotspotOf(report, finding) }];
    });
  });
}

/** The other files of the runs in which this one was; as they ran, where they are gone. */
export function filesBeside(
  runs: readonly { readonly findings: Pick<RunFindings, "root" | "sources"> }[],
  file: string,
  presentText: (file: string) => string | undefined,
): readonly OtherFile[] {
  const together = runs.filter(({ findings: { root, sources } }) =>
    sources.some(({ path }) => join(root, path) === file),
  );
  const all = together.flatMap(({ findings: { root, sources } }) =>
    sources.map(({ path, text }): [string, OtherFile] => {
      const other = join(root, path);
      return [other, { shown: path, text: presentText(other) ?? text }];
    }),
  );
  return [...new Map(all)].flatMap(([other, found]) => (other === file ? [] : [found]));
}

function siteIn(findings: RunFindings, finding: Finding): Site | undefined {
  return standingSite(finding, findings.report, (path) => textOf(findings, path));
}

function textOf({ sources }: RunFindings, path: string): string | undefined {
  return sources.find((source) => source.path === path)?.text;
}

function hotspotOf(report: Report, finding: Finding): Hotspot | undefined {
  return report.hotspots.find(({ lock }) => lock === finding.subject);
}

/** Of the newest run whose module this file is. */
export function latencyOf(
  runs: readonly ShownRun[],
  file: string,
): ReadonlyMap<string, HandlerLatency> {
  const run = runs.find(({ findings }) => join(findings.root, findings.report.run.module) === file);
  return new Map((run?.findings.report.latency ?? []).map((row) => [row.handler, row]));
}
