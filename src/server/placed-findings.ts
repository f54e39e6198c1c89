// The findings of the newest runs, by the files they point at, placed on the text as it is now. Diagnostics, hovers, lenses
// and code actions are made from these.

import type { Finding, HandlerLatency, Hotspot, Report, Site } from "../analysis/report.ts";
import { suppressionOf } from "../analysis/suppression.ts";
import { absolutePath, isNamedWithin, type Reach } from "../session/named-files.ts";
import { standingSite } from "./finding-site.ts";
import type { OtherFile } from "./source/other-files.ts";
import { presentPlace, type PresentPlace } from "./present-place.ts";
import type { RunFindings } from "./trace-thread-messages.ts";

export interface ShownRun {
  readonly trace: string;
  readonly findings: RunFindings;
  /** Where its files may be read; elsewhere nothing is said of them. */
  readonly reach: Reach;
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
    runs.flatMap((run) =>
      run.findings.report.findings.flatMap((finding) => {
        const site = siteIn(run.findings, finding);
        return (site && pathIn(run, site.file)) ?? [];
      }),
    ),
  );
}

/** Longer than what ran by more than this, a file has become another. */
const roomForEdits = 2 ** 16;

/** How large this file may be to be read: by the longest text of it that ran; undefined where none did. */
export function mostBytesOf(run: ShownRun, file: string): number | undefined {
  const sizes = run.findings.sources
    .filter(({ path }) => pathIn(run, path) === file)
    .map(({ text }) => Buffer.byteLength(text));
  return sizes.length === 0 ? undefined : Math.max(...sizes) + roomForEdits;
}

/** Findings at this file, those ignored left out. `text` is the file's present text. */
export function placedFindings(
  runs: readonly ShownRun[],
  file: string,
  text: string,
  isIgnored: (identity: string, file: string, reach: Reach) => boolean,
): PlacedFinding[] {
  return runs.flatMap((run) => {
    const { trace, findings, reach } = run;
    const { root, report } = findings;
    return report.findings.flatMap((finding): PlacedFinding[] => {
      const site = siteIn(findings, finding);
      if (site === undefined || pathIn(run, site.file) !== file) return [];
      const recorded = textOf(findings, site.file);
      // Without the text that ran, no line is known to be the right one.
      if (recorded === undefined) return [];
      const at = presentPlace(file, recorded, text, site.line, site.column);
      const line = at.place.line + 1;
      const ignored = (identity: string): boolean => isIgnored(identity, file, reach);
      if (suppressionOf(finding, text, line, ignored) !== undefined) return [];
      return [{ trace, root, finding, at, hotspot: hotspotOf(report, finding) }];
    });
  });
}

/** The other files of the runs in which this one was; as they ran, where they are gone. */
export function filesBeside(
  runs: readonly RunFiles[],
  file: string,
  presentText: (file: string) => string | undefined,
): readonly OtherFile[] {
  const together = runs.filter((run) =>
    run.findings.sources.some(({ path }) => pathIn(run, path) === file),
  );
  const all = together.flatMap((run) =>
    run.findings.sources.map(({ path, text }): [string, OtherFile] => {
      const other = pathIn(run, path);
      const present = other === undefined ? undefined : presentText(other);
      return [other ?? path, { shown: path, text: present ?? text }];
    }),
  );
  return [...new Map(all)].flatMap(([other, found]) => (other === file ? [] : [found]));
}

interface RunFiles {
  readonly findings: Pick<RunFindings, "root" | "sources">;
  readonly reach: Reach;
}

/** The absolute path that a name of the run stands for; undefined when it is out of reach. */
function pathIn({ findings, reach }: RunFiles, name: string): string | undefined {
  const path = absolutePath(findings.root, name);
  return path !== undefined && isNamedWithin(reach, path) ? path : undefined;
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
  const run = runs.find((each) => pathIn(each, each.findings.report.run.module) === file);
  return new Map((run?.findings.report.latency ?? []).map((row) => [row.handler, row]));
}
