// The figures behind a finding, where the pointer rests on it.

import { MarkupKind, type Hover, type Position } from "vscode-languageserver/node";
import { count, duration, percent } from "../presentation/format.ts";
import { markdownCell, markdownText } from "../presentation/markdown-text.ts";
import { rangeOf } from "./diagnostics.ts";
import type { PlacedFinding } from "./placed-findings.ts";

export function hoverAt(placed: readonly PlacedFinding[], position: Position): Hover | undefined {
  const found = placed.find((each) => {
    const { line, character, endCharacter } = each.at.place;
    return (
      line === position.line &&
      character <= position.character &&
      position.character <= endCharacter
    );
  });
  if (found === undefined) return undefined;
  return {
    range: rangeOf(found),
    contents: { kind: MarkupKind.Markdown, value: textOf(found).join("\n") },
  };
}

function textOf({ finding, hotspot }: PlacedFinding): string[] {
  const title = `**Poolscope** · ${markdownText(finding.sentence)}`;
  if (hotspot === undefined) return [title];
  const rows = [
    ["waits", count(hotspot.waits)],
    ["total wait", duration(hotspot.totalWait)],
    ["worst wait", duration(hotspot.worstWait)],
    ["share of thread time", percent(hotspot.share)],
    ["threads waiting at once", `up to ${hotspot.mostWaiting}`],
  ];
  return [
    title,
    "",
    `| lock | ${markdownCell(hotspot.lock)} |`,
    "| --- | --- |",
    ...rows.map(([label, value]) => `| ${label} | ${value} |`),
  ];
}
