// What strangers' text looks like once it is shown: nothing in it is obeyed, and nothing of it is lost.

import assert from "node:assert/strict";
import fc from "fast-check";
import { visible, visibleLines, visibleStyledLines, visibleTexts } from "../../src/base/visible.ts";

const obeyed = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const harmless = /[\u200C\u200D]/g;

/** Every character that a terminal, an editor or a browser does something about, among plain ones. */
const odd = fc.constantFrom(
  ...["\u001B", "\u001B[2J", "\u001B]0;title\u0007", "\r", "\n", "\t", "\b", "\u0000", "\u007F"],
  ...["\u0085", "\u009B31m", "\u00AD", "\u061C", "\u200B", "\u200E", "\u200F", "\u2028", "\u2029"],
  ...["\u202A", "\u202E", "\u2066", "\u2069", "\uFEFF", "\uFFF9", "\u{E0041}", "\uD800", "\uDC00"],
);
const strange = fc
  .array(fc.oneof(odd, fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" })))
  .map((parts) => parts.join(""));

describe("text of strangers", () => {
  it("holds nothing that is obeyed once it is visible", () => {
    fc.assert(
      fc.property(strange, (text) => {
        assert.doesNotMatch(visible(text).replace(harmless, ""), obeyed);
      }),
    );
  });

  it("keeps line ends and tabs where it is shown as lines, and nothing else", () => {
    fc.assert(
      fc.property(strange, (text) => {
        const shown = visibleLines(text);
        assert.doesNotMatch(shown.replace(/[\n\t\u200C\u200D]/g, ""), obeyed);
        assert.equal(shown.split("\n").length, text.split("\n").length);
      }),
    );
  });

  it("keeps colours alone for a terminal that takes them", () => {
    assert.equal(
      visibleStyledLines("\u001B[31mred\u001B[0m\u001B[2J\u001B]0;x\u0007\r\n"),
      "\u001B[31mred\u001B[0m\\u001b[2J\\u001b]0;x\\u0007\\r\n",
    );
  });

  it("leaves text of every language as it is", () => {
    const plain = "Größe 大小 حجم می‌خواهم 👩‍👩‍👧 é ` | <b> \\n";
    assert.equal(visible(plain), plain);
  });

  it("shows direction characters and separators as the escapes that a source would have", () => {
    assert.equal(visible("a\u202Eb\u2028c\u{E0041}"), "a\\u202eb\\u2028c\\udb40\\udc41");
  });

  it("is the same value in JSON", () => {
    fc.assert(
      fc.property(fc.array(strange), (value) => {
        const shown = visibleLines(JSON.stringify(value, undefined, 2));
        assert.deepEqual(JSON.parse(shown), value);
        assert.doesNotMatch(shown.replace(/[\n\u200C\u200D]/g, ""), obeyed);
      }),
    );
  });

  it("is made visible throughout plain data, but under the keys that are for a program", () => {
    const bytes = new Uint8Array([27]);
    assert.deepEqual(
      visibleTexts(
        {
          name: "a\u001B",
          site: { file: "b\u001B", text: "b\u001B" },
          rows: ["\r", 1, null],
          bytes,
        },
        new Set(["file"]),
      ),
      {
        name: "a\\u001b",
        site: { file: "b\u001B", text: "b\\u001b" },
        rows: ["\\r", 1, null],
        bytes,
      },
    );
  });
});
