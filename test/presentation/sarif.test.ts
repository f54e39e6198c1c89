// SARIF held against the schema that its authors publish, and Markdown against the figures of the other faces.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import type { ValidateFunction } from "ajv";
import { analyze } from "../../src/analysis/analyze.ts";
import type { Finding } from "../../src/analysis/report.ts";
import { rules } from "../../src/analysis/rules/rules.ts";
import { judgedReport, type JudgedReport } from "../../src/presentation/judged-report.ts";
import { markdownReport } from "../../src/presentation/markdown-report.ts";
import { sarifReport } from "../../src/presentation/sarif.ts";
import { textReport } from "../../src/presentation/text-report.ts";
import { drawTrace } from "../support/draw-trace.ts";

const require = createRequire(import.meta.url);
// CommonJS whose default exports TypeScript can't name from an ES module.
const Ajv = require("ajv-draft-04") as new (options: object) => {
  compile(schema: object): ValidateFunction;
};
const addFormats = require("ajv-formats") as (ajv: object) => void;

function sarifValidator(): ValidateFunction {
  const path = resolve("test/fixtures/sarif/sarif-2.1.0-rtm.5.json");
  const schema = JSON.parse(readFileSync(path, "utf8")) as object;
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  addFormats(ajv);
  return ajv.compile(schema);
}

const finding = (identity: string, site: Finding["site"]): Finding => ({
  rule: "lock-contention",
  mechanism: "long-hold",
  identity,
  score: 61.5,
  scoreInterval: { low: 50, high: 70 },
  metric: "throughput",
  subject: "ledger",
  sentence: "Lock <ledger> keeps 3 of 4 threads waiting.",
  advice: "Hold it for less.",
  page: "docs/findings/lock-contention.md",
  remedies: [],
  site,
  related: [
    {
      sentence: "waits here 12 times",
      site: { file: "/else where/b.ts", line: 3, column: 1, function: "" },
    },
  ],
  threads: [1],
  intervals: [],
});

const text = "function enter() {\n  const guard = ledger.acquire();\n}\n";
const site = { file: "src/my bank.ts", line: 2, column: 17, function: "enter" };

function judged(): JudgedReport {
  const drawn = analyze(
    drawTrace(
      [
        { roles: "LPPPPPPPPP", locks: { a: " hhhhhhh  " } },
        { roles: "FLPPPPPPPP", locks: { a: "  wwwwww  " } },
      ],
      { cut: true },
    ),
    [{ message: "a problem" }],
  );
  const findings = [finding("one", site), finding("two", undefined), finding("three", site)];
  return judgedReport({ ...drawn, findings }, ({ identity }) =>
    identity === "three" ? { by: "comment", reason: "known" } : undefined,
  );
}

const sarif = (): object =>
  sarifReport(judged(), {
    version: "1.2.3",
    rules,
    textOf: (file) => (file === site.file ? text : undefined),
  });

describe("SARIF", () => {
  it("is valid by the published schema, with findings and without", () => {
    const validate = sarifValidator();
    assert.ok(validate(sarif()), JSON.stringify(validate.errors));
    const none = sarifReport(
      { report: analyze(drawTrace([{ roles: "" }])), suppressed: [] },
      { version: "1.2.3", rules, textOf: () => undefined },
    );
    assert.ok(validate(none), JSON.stringify(validate.errors));
    // The schema does look: what it forbids it finds.
    assert.equal(validate({ ...sarif(), version: "2.0" }), false);
  });

  it("points at the expression, knows a finding again, and marks what is suppressed", () => {
    const [run] = (sarif() as { runs: { results: Record<string, unknown>[]; tool: object }[] })
      .runs;
    const [first, second, third] = run?.results ?? [];
    assert.deepEqual(first?.["locations"], [
      {
        physicalLocation: {
          artifactLocation: { uri: "src/my%20bank.ts", uriBaseId: "SRCROOT" },
          region: { startLine: 2, startColumn: 17, endLine: 2, endColumn: 33 },
        },
        logicalLocations: [{ name: "enter", kind: "function" }],
      },
    ]);
    assert.equal(text.split("\n")[1]?.slice(16, 32), "ledger.acquire()");
    assert.deepEqual(first["partialFingerprints"], { "poolscopeIdentity/v1": "one" });
    assert.deepEqual([first["suppressions"], second?.["locations"]], [[], []]);
    assert.deepEqual(third?.["suppressions"], [
      { kind: "inSource", status: "accepted", justification: "known" },
    ]);
    assert.match(JSON.stringify(first["relatedLocations"]), /file:\/\/\/else%20where\/b\.ts/);
  });

  it("explains every rule there is", () => {
    const [run] = (
      sarif() as {
        runs: { tool: { driver: { rules: { id: string; help: { text: string } }[] } } }[];
      }
    ).runs;
    const described = run?.tool.driver.rules ?? [];
    assert.deepEqual(
      described.map(({ id }) => id),
      rules.map(({ id }) => id),
    );
    assert.ok(described.every(({ help }) => help.text.length > 80));
  });
});

describe("Markdown report", () => {
  it("has the figures of the terminal's report", () => {
    const { report, suppressed } = judged();
    const markdown = markdownReport({ report, suppressed });
    const terminal = textReport(report, { colour: false, tracePath: "t" });
    const figures = terminal.match(/\d[\d,.]* (?:ns|µs|ms|s|%|events\/s)(?!\w)/g) ?? [];
    assert.ok(figures.length > 10);
    for (const figure of figures) assert.ok(markdown.includes(figure), figure);
  });

  it("lets no name of the person's be taken for markup, and names what is ignored", () => {
    const markdown = markdownReport(judged());
    assert.ok(
      markdown.includes("Lock \\<ledger\\> keeps 3 of 4 threads waiting. Hold it for less."),
    );
    assert.ok(markdown.includes("- `three`, by a comment: known"));
    assert.ok(!markdown.includes("identity"));
  });
});
