// What the server sends to where a person sees it, when everything that a trace names is odd.

import assert from "node:assert/strict";
import type { Hover } from "vscode-languageserver/node";
import type { Finding } from "../../src/analysis/report.ts";
import { diagnosticsOf } from "../../src/server/diagnostics.ts";
import { hoverAt } from "../../src/server/hover.ts";
import type { PlacedFinding } from "../../src/server/placed-findings.ts";
import { shown } from "../../src/server/shown.ts";

const odd = "\u001B[2Jgold\u202Edlog [x](command:evil) https://evil.example | @me";

const finding: Finding = {
  rule: "lock-contention",
  mechanism: "",
  identity: `lock-contention|${odd}|a.ts|f`,
  score: 30,
  scoreInterval: { low: 20, high: 40 },
  metric: "throughput",
  subject: odd,
  sentence: `Lock "${odd}" keeps 2 of 2 threads waiting.`,
  advice: "",
  page: "docs/findings/lock-contention.md",
  remedies: [],
  site: { file: "a.ts", line: 1, column: 1, function: "f" },
  related: [{ sentence: odd, site: { file: "a.ts", line: 2, column: 1, function: odd } }],
  threads: [1],
  intervals: [],
};

const placed: PlacedFinding = {
  finding,
  hotspot: {
    lock: odd,
    waits: 1,
    totalWait: 1,
    worstWait: 1,
    share: 0.5,
    mostWaiting: 1,
    threads: [1],
    culprits: [],
    victims: [],
    chain: [],
    worstInterval: { start: 0, end: 1, thread: 1 },
  },
  at: { kind: "here", place: { line: 0, character: 0, endCharacter: 5 } },
  root: "/project",
  trace: "/project/a.pooltrace",
};

const obeyed = /(?!\n)[\p{Cc}\p{Cf}]/u;

describe("what the server shows", () => {
  it("has no control and no direction characters in a diagnostic", () => {
    const [diagnostic] = diagnosticsOf([placed]);
    assert.ok(typeof diagnostic?.message === "string");
    assert.doesNotMatch(diagnostic.message, obeyed);
    assert.doesNotMatch(diagnostic.relatedInformation?.[0]?.message ?? "", obeyed);
  });

  it("has a name as text in a hover: no link, no command, in its cell", () => {
    const value = textOf(hoverAt([placed], { line: 0, character: 2 }));
    assert.doesNotMatch(value, obeyed);
    assert.doesNotMatch(value, /(?<!\\)\]\(command:/);
    const row = value.split("\n").find((line) => line.startsWith("| lock"));
    assert.equal(row?.replaceAll(String.raw`\|`, "").split("|").length, 4);
  });

  it("keeps as it is what names a thing for the program", () => {
    const names = { file: odd, identity: odd, path: odd, trace: odd, module: odd };
    assert.deepEqual(shown({ ...names, text: "\u001B\n" }), { ...names, text: "\\u001b\n" });
  });
});

function textOf(hover: Hover | undefined): string {
  const contents = hover?.contents;
  return contents !== undefined && typeof contents === "object" && "value" in contents
    ? contents.value
    : "";
}
