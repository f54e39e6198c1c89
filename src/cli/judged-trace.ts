// A trace's report with the findings told apart that the person wants to see no more, judged at the text that ran.

import { dirname, isAbsolute, join, resolve } from "node:path";
import { existsSync } from "node:fs";
import { analyze } from "../analysis/analyze.ts";
import type { Finding } from "../analysis/report.ts";
import { suppressionOf, type Suppression } from "../analysis/suppression.ts";
import { judgedReport, type JudgedReport } from "../presentation/judged-report.ts";
import { decodeFile } from "../session/decode-file.ts";
import { isIgnored } from "../session/ignored.ts";
import type { Trace } from "../trace/trace.ts";

export interface ReadJudgedTrace {
  readonly kind: "read";
  readonly judged: JudgedReport;
  /** Where the module lies here, or lay where the trace was made. */
  readonly module: string;
  /** As it ran, by the path in the trace. */
  textOf(file: string): string | undefined;
}

export type JudgedTrace =
  | ReadJudgedTrace
  | { readonly kind: "unreadable"; readonly problems: readonly string[] };

export function readJudgedTrace(path: string): JudgedTrace {
  const file = decodeFile(path);
  if (file.kind === "unreadable") return file;
  const { trace, problems } = file;
  const textOf = textsOf(trace);
  const root = rootHere(trace);
  const place = (each: string): string => (isAbsolute(each) ? each : join(root, each));
  const suppression = (finding: Finding): Suppression | undefined => {
    const { site } = finding;
    const file = site?.file ?? trace.header.module;
    const text = site === undefined ? undefined : textOf(file);
    return suppressionOf(finding, text, site?.line ?? 0, (each) => isIgnored(each, place(file)));
  };
  const judged = judgedReport(analyze(trace, problems), suppression);
  return { kind: "read", judged, module: place(trace.header.module), textOf };
}

function textsOf({ tables }: Trace): (file: string) => string | undefined {
  const texts = new Map(tables.sources.map(({ path, text }) => [path, text]));
  return (file) => texts.get(file);
}

/** A trace that was made on another machine is judged by the folder that it is looked at from. */
function rootHere({ header }: Trace): string {
  const isHere = existsSync(join(header.root, dirname(header.module)));
  return isHere ? header.root : resolve(".");
}
