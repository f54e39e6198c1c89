// What the pages of the rules, and the table of all rules, say by themselves: written from the rules and from the drawing in
// which each finds itself. The rest of a page is written by hand and kept.

import { analyze } from "../../src/analysis/analyze.ts";
import type { Finding } from "../../src/analysis/report.ts";
import type { Rule } from "../../src/analysis/rules/rule.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { drawTrace } from "./draw-trace.ts";
import { repeat } from "./find-in.ts";
import { pictured } from "./pictured.ts";
import { timelineSvg } from "./timeline-svg.ts";

/** From this line on a page is written from its rule. */
export const writtenFrom = "## How it looks";

export function drawnFor(id: string): Trace {
  const { drawn, times, options } = pictureOf(id);
  return drawTrace(repeat(times, drawn), options);
}

export function foundFor(id: string): Finding | undefined {
  return analyze(drawnFor(id)).findings.find(({ rule }) => rule === id);
}

export function pictureFor({ id, title }: Rule): string {
  const { shown, options } = pictureOf(id);
  return timelineSvg(drawnFor(id), shown * (options.column ?? 1000), title);
}

function pictureOf(id: string): (typeof pictured)[string] {
  const found = pictured[id];
  if (found === undefined) throw new Error(`test/support/pictured.ts has no drawing for "${id}"`);
  return found;
}

export function writtenPart(rule: Rule): string {
  const { id, window, leastObservations, materiality, notConfusedWith, reads, thresholds } = rule;
  const set = Object.entries(thresholds).map(([name, value]) => `"${name}": ${value}`);
  const settings =
    set.length === 0
      ? "Nothing of it can be set."
      : `In \`poolscope.json\`, with what holds by default: \`"rules": { "${id}": { ${set.join(", ")} } }\`.`;
  return `${writtenFrom}

![${pictureOf(id).caption}](pictures/${id}.svg)

${pictureOf(id).caption} Of that run it says:

> ${foundFor(id)?.sentence ?? ""}

## When it is reported

- Looks at: ${window}.
- Must have seen: ${leastObservations}.
- From when on it matters: ${materiality}.
- Not to be confused with: ${notConfusedWith}.

${settings}

## What it reads

${reads.map((kind) => `\`${kind}\``).join(", ")}.

## Ignoring it

The code action *Ignore this finding* writes its identity (rule, subject, file and function, never a line) under \`ignore\` in
\`poolscope.json\`; a comment \`// poolscope-ignore ${id}: reason\` at its line does the same.
`;
}

/** What poolscope.json's schema says of `rules`: an editor completes and checks thresholds from it. */
export function rulesSchema(rules: readonly Rule[]): unknown {
  const properties = rules.map(({ id, title, thresholds }) => {
    const names = Object.entries(thresholds).map(([name, value]) => [
      name,
      { type: "number", minimum: 0, default: value },
    ]);
    return [
      id,
      {
        type: "object",
        additionalProperties: false,
        properties: Object.fromEntries(names) as unknown,
        description: `${title}: docs/findings/${id}.md says what each threshold means.`,
      },
    ];
  });
  return {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(properties) as unknown,
    description: "Thresholds of the analysis: by rule, then by threshold.",
  };
}

export function rulesTable(rules: readonly Rule[]): string {
  const rows = rules.map(({ id, title, window, reads }) => {
    const kinds = reads.map((kind) => `\`${kind}\``).join(" ");
    return `| [${title}](findings/${id}.md) | \`${id}\` | ${window} | ${kinds} |`;
  });
  return `# Rules

What the analysis looks for in a trace, and which of the trace's events ([trace-format.md](trace-format.md)) each rule needs. A
rule whose events a trace has not finds nothing: levels below \`all\`, other pools and other systems record less. Written from the
rules themselves by \`npm run docs\`.

| rule | id | looks at | reads |
|---|---|---|---|
${rows.join("\n")}
`;
}
