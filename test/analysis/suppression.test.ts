// Findings suppressed by a comment or by the configuration.

import assert from "node:assert/strict";
import { suppressionOf } from "../../src/analysis/suppression.ts";

const finding = { rule: "lock-contention", identity: "lock-contention|accounts|f|g" };

const at = (text: string, line: number): ReturnType<typeof suppressionOf> =>
  suppressionOf(finding, text, line, () => false);

describe("suppression", () => {
  it("takes a comment at the end of the line, with its reason", () => {
    const text = "a();\r\nlock.acquire(); // poolscope-ignore lock-contention: measured, rare \r\n";
    assert.deepEqual(at(text, 2), { by: "comment", reason: "measured, rare" });
    assert.equal(at(text, 1), undefined);
  });

  it("takes a comment on the lines before, of any kind, but none that belongs to code above", () => {
    const block = "/* poolscope-ignore lock-contention: why */\n// and more\nlock.acquire();";
    assert.deepEqual(at(block, 3), { by: "comment", reason: "why" });
    const other = "x(); // poolscope-ignore lock-contention: that one\nlock.acquire();";
    assert.equal(at(other, 2), undefined);
  });

  it("takes several rules, no other than those named, and none without a reason", () => {
    assert.ok(at("f(); // poolscope-ignore deadlock, lock-contention: both", 1));
    assert.equal(at("f(); // poolscope-ignore deadlock: another", 1), undefined);
    assert.equal(at("f(); // poolscope-ignore lock-contention-more: no", 1), undefined);
    assert.equal(at("f(); // poolscope-ignore lock-contention", 1), undefined);
  });

  it("takes the identity that the configuration ignores, with or without a text", () => {
    const isIgnored = (identity: string): boolean => identity === finding.identity;
    const expected = { by: "configuration", reason: "" };
    assert.deepEqual(suppressionOf(finding, "f();", 1, isIgnored), expected);
    assert.deepEqual(suppressionOf(finding, undefined, 0, isIgnored), expected);
  });
});
