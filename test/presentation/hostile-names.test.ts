// Every text of a trace is a stranger's. The faces show it so that nothing is obeyed, nothing is taken for Markdown, and no
// row is made by a name.

import assert from "node:assert/strict";
import { marked, type Token, type Tokens } from "marked";
import { analyze } from "../../src/analysis/analyze.ts";
import type { Report } from "../../src/analysis/report.ts";
import { markdownReport } from "../../src/presentation/markdown-report.ts";
import { textReport } from "../../src/presentation/text-report.ts";
import { drawTrace } from "../support/draw-trace.ts";

const hostile = [
  "\u001B[2J\u001B]0;title\u0007",
  "a\r\nb\n\n# heading",
  "gold\u202Edlog",
  "a | b\\| c",
  "@octocat #1 https://evil.example www.evil.com",
  "[click](command:evil) <img src=x>",
  "``` `` `",
  "\u009B31mred",
];

const tame = "tame";

/** Everything that a trace names is named so. */
function reportWith(name: string): Report {
  const wait = Array.from({ length: 40 }, () => "wwwwwwwwww").join("");
  const hold = Array.from({ length: 40 }, () => "hhhhhhhhhh").join("");
  const roles = `LL${"P".repeat(400)}LL`;
  const trace = drawTrace(
    [
      { roles, locks: { [name]: `  ${hold}` } },
      { roles: roles.replaceAll("L", "F"), locks: { [name]: `  ${wait}` } },
    ],
    {
      column: 100_000,
      handlers: [name],
      header: { module: name, nodeVersion: name, configuration: { promotion: name, when: name } },
      strings: [`Error: ${name}`],
      extra: [{ thread: 1, micros: 403, kind: "handlerFailed", turn: 1, a: 1, b: 0, c: 1 }],
    },
  );
  const threads = trace.tables.threads.map((row) => ({ ...row, name }));
  const sites = trace.tables.sites.map((row) => ({ ...row, file: name, function: name }));
  return analyze({ ...trace, tables: { ...trace.tables, threads, sites } }, [{ message: name }]);
}

const obeyed = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe("names of a trace", () => {
  it("are in the report that these tests look at: lock, handler, module, thread, site, failure, problem", () => {
    const text = textReport(reportWith(tame), { colour: false, tracePath: tame });
    assert.ok(text.split(tame).length > 8, text);
  });

  for (const name of hostile) {
    const told = JSON.stringify(name);

    it(`stay in their rows on a terminal, and are obeyed by none: ${told}`, () => {
      const text = textReport(reportWith(name), { colour: false, tracePath: name });
      assert.doesNotMatch(text, obeyed);
      const lines = textReport(reportWith(tame), { colour: false, tracePath: tame }).split("\n");
      assert.equal(text.split("\n").length, lines.length);
    });

    it(`leave a terminal its own colours alone: ${told}`, () => {
      const text = textReport(reportWith(name), { colour: true, tracePath: name });
      assert.doesNotMatch(
        text.replaceAll(new RegExp(String.raw`\u001B\[(?:0|1|2|31)m`, "g"), ""),
        obeyed,
      );
    });

    it(`are text and code in Markdown: ${told}`, () => {
      const judged = { report: reportWith(name), suppressed: [] };
      const markdown = markdownReport(judged);
      assert.doesNotMatch(markdown, obeyed);
      const expected = markdownReport({ report: reportWith(tame), suppressed: [] });
      assert.deepEqual(shapeOf(marked.lexer(markdown)), shapeOf(marked.lexer(expected)));
    });
  }
});

/** Blocks, rows and links as they are nested; text, code and escapes are all the same. */
function shapeOf(tokens: readonly Token[]): string[] {
  return tokens.flatMap((token) => {
    if (["text", "codespan", "escape", "space"].includes(token.type)) {
      const inner = "tokens" in token ? (token.tokens ?? []) : [];
      return shapeOf(inner.filter(({ type }) => type !== token.type));
    }
    if (token.type === "table") {
      const { header, rows } = token as Tokens.Table;
      return [`table ${header.length}`, ...rows.map((row) => `row ${row.length}`)];
    }
    const within = "tokens" in token ? (token.tokens ?? []) : [];
    const inner = token.type === "list" ? (token as Tokens.List).items : within;
    return [token.type, ...shapeOf(inner), `/${token.type}`];
  });
}
