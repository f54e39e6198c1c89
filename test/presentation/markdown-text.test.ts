// Names and messages in Markdown, read again as a code host or an editor reads them: text, and nothing else.

import assert from "node:assert/strict";
import fc from "fast-check";
import { marked, type Token } from "marked";
import { visible } from "../../src/base/visible.ts";
import { markdownCell, markdownCode, markdownText } from "../../src/presentation/markdown-text.ts";

/** What Markdown and code hosts read as their own, and pieces of it. */
const special = fc.constantFrom(
  ...[
    "@octocat",
    "@org/team",
    "#1",
    "owner/repo#12",
    "GH-7",
    "https://evil.example/a?b",
    "www.evil.com",
  ],
  ...[
    "me@evil.example",
    "mailto:a@b.example",
    "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12",
    ":tada:",
  ],
  ...[
    "[a](https://evil.example)",
    "![a](b)",
    "<img src=x onerror=alert(1)>",
    "<!-- a",
    "&copy;",
    "$x$",
  ],
  ...[
    "**a**",
    "_a_",
    "__a__",
    "~~a~~",
    "`a`",
    "``",
    "`",
    "|",
    "\\|",
    "\\",
    "a\\",
    "*",
    "_",
    "~",
    "<",
    ">",
  ],
  ...[
    "- a",
    "+ a",
    "1. a",
    "1) a",
    "# a",
    "=== ",
    "---",
    "> a",
    "[x]",
    "[^1]",
    "\n\n",
    "\n- a",
    "\t",
    "\r",
  ],
);
const strange = fc
  .array(fc.oneof(special, special, fc.constant(" "), fc.string({ unit: "grapheme" })))
  .map((parts) => parts.join(""));

interface Read {
  readonly kinds: ReadonlySet<string>;
  /** What is left to a host to make a link of: text outside code. */
  readonly outside: string;
  readonly text: string;
}

function read(markdown: string): Read {
  const kinds = new Set<string>();
  const outside: string[] = [];
  const text: string[] = [];
  const walk = (tokens: readonly Token[]): void => {
    for (const token of tokens) {
      const inner = "tokens" in token ? (token.tokens ?? []) : [];
      if (inner.length > 0) walk(inner);
      else {
        kinds.add(token.type);
        if ("text" in token) text.push(String(token.text));
        if (token.type !== "codespan" && "text" in token) outside.push(String(token.text));
      }
    }
  };
  const [block] = marked.lexer(markdown);
  assert.ok(block !== undefined);
  assert.equal(block.raw.trim(), markdown.trim(), "it is one block");
  walk(marked.Lexer.lexInline("tokens" in block ? block.raw : ""));
  return { kinds, outside: outside.join(""), text: text.join("") };
}

function same(text: string): string {
  return text.replaceAll(/\s+/g, "");
}

describe("text of strangers in Markdown", () => {
  it("is read as text and code alone, and is all there", () => {
    fc.assert(
      fc.property(strange, (given) => {
        const { kinds, outside, text } = read(`Lock ${markdownText(given)}`);
        for (const kind of kinds) assert.ok(["text", "escape", "codespan"].includes(kind), kind);
        assert.equal(same(text), same(`Lock ${visible(given)}`));
        assert.doesNotMatch(outside, /@\w|#\d|:\/\/|www\.|GH-\d|:tada:|[0-9a-f]{40}/);
      }),
      { numRuns: 500 },
    );
  });

  it("begins no list, heading or rule", () => {
    fc.assert(
      fc.property(strange, (given) => {
        fc.pre(visible(given).trim() !== "");
        const [block, ...more] = marked.lexer(markdownText(given).trim());
        assert.equal(block?.type, "paragraph");
        assert.deepEqual(more, []);
      }),
      { numRuns: 500 },
    );
  });

  it("is one code span as a name, whatever stands in it", () => {
    fc.assert(
      fc.property(strange, (given) => {
        fc.pre(visible(given).trim() !== "");
        const tokens = marked.Lexer.lexInline(markdownCode(given));
        assert.deepEqual(
          tokens.map(({ type }) => type),
          ["codespan"],
        );
        const [token] = tokens;
        assert.equal(
          same(token !== undefined && "text" in token ? String(token.text) : ""),
          same(visible(given)),
        );
      }),
    );
  });

  it("stays in its cell of a table", () => {
    fc.assert(
      fc.property(strange, strange, (name, prose) => {
        fc.pre(visible(name).trim() !== "" && visible(prose).trim() !== "");
        const row = `| ${markdownCell(name)} | ${markdownText(prose)} | 3 |`;
        const [table, ...more] = marked.lexer(`| a | b | c |\n| --- | --- | --: |\n${row}\n`);
        assert.ok(table?.type === "table" && "rows" in table && Array.isArray(table.rows));
        assert.deepEqual(more, []);
        assert.equal(table.rows.length, 1);
        const cells = table.rows[0] as readonly { readonly text: string }[];
        assert.deepEqual([cells.length, cells[2]?.text], [3, "3"]);
      }),
      { numRuns: 500 },
    );
  });

  it("leaves plain sentences as a person would write them", () => {
    const sentence =
      'Lock "accounts" keeps 3 of 4 threads waiting 61 % of the time (2.1 ms): src/a.ts:42.';
    assert.equal(markdownText(sentence), sentence);
    assert.equal(markdownCode("src/accounts.ts:42"), "`src/accounts.ts:42`");
  });
});
