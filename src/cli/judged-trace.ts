// A trace's report with the findings told apart that the person wants to see no more, judged at the text that ran.

import { dirname, resolve } from "node:path";
import { analyze } from "../analysis/analyze.ts";
import type { Finding } from "../analysis/report.ts";
import { suppressionOf, type Suppression } from "../analysis/suppression.ts";
import { judgedReport, type JudgedReport } from "../presentation/judged-report.ts";
import { decodeFile } from "../session/decode-file.ts";
import { configurationWithin, isIgnored } from "../session/ignored.ts";
import { absolutePath, isNamedWithin, reachOf } from "../session/named-files.ts";
import type { Trace } from "../trace/trace.ts";

export interface ReadJudgedTrace {
  readonly kind: "read";
  readonly judged: JudgedReport;
  /** The poolscope.json that holds for the module here. */
  readonly configuration: string | undefined;
  /** As it ran, by the path in the trace. */
  textOf(file: string): string | undefined;
}

export type JudgedTrace =
  | ReadJudgedTrace
  | { readonly kind: "unreadable"; readonly problems: readonly string[] };

export function readJudgedTrace(path: string): JudgedTrace {
  const file = decodeFile(path);
  if (file.kind === "unreadable") return file;
  const { trace, problems, provenance } = file;
  const here = resolve(".");
  const reach = reachOf({ trusted: true, folders: [here] }, trace.header.root, provenance.kind);
  const textOf = textsOf(trace);
  // A trace that was made elsewhere is judged by the folder that it is looked at from.
  const root = isNamedWithin(reach, trace.header.root) ? trace.header.root : here;
  const place = (each: string): string | undefined => absolutePath(root, each);
  const suppression = (finding: Finding): Suppression | undefined => {
    const { site } = finding;
    const file = site?.file ?? trace.header.module;
    const text = site === undefined ? undefined : textOf(file);
    const placed = place(file);
    const ignored = (each: string): boolean =>
      placed !== undefined && isIgnored(each, placed, reach);
    return suppressionOf(finding, text, site?.line ?? 0, ignored);
  };
  const judged = judgedReport(analyze(trace, problems), suppression);
  const module = place(trace.header.module);
  const configuration =
    module === undefined ? undefined : configurationWithin(reach, dirname(module));
  return { kind: "read", judged, configuration, textOf };
}

function textsOf({ tables }: Trace): (file: string) => string | undefined {
  const texts = new Map(tables.sources.map(({ path, text }) => [path, text]));
  return (file) => texts.get(file);
}
