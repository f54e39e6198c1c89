// docs/trace-format.md says what the code does: its version and its table of kinds are held against the code.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { eventKinds, type EventKindDefinition } from "../../src/trace/event-kind.ts";
import { traceVersion } from "../../src/trace/format.ts";

const text = readFileSync("docs/trace-format.md", "utf8");

function row(kind: string, { code, fields }: EventKindDefinition): string {
  const cells = [fields.small, fields.a, fields.b, fields.c, fields.d].map((name) => name ?? "");
  return `| ${[code, kind, ...cells].join(" | ")} |`;
}

describe("docs/trace-format.md", () => {
  it("names the present version", () => {
    assert.match(text, new RegExp(`^## Version ${traceVersion}$`, "m"));
  });

  it("lists every kind with its code and fields, and no other", () => {
    const listed = text.split("\n").filter((line) => /^\| \d+ \|/.test(line));
    const expected = Object.entries(eventKinds).map(([kind, definition]) => row(kind, definition));
    assert.deepEqual(listed, expected);
  });
});
