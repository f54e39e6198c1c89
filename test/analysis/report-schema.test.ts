// The published schema of the report says what reports are.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { analyze } from "../../src/analysis/analyze.ts";
import { drawTrace } from "../support/draw-trace.ts";
import { violations } from "../support/json-schema.ts";

const schema = JSON.parse(readFileSync("docs/report.schema.json", "utf8")) as Record<
  string,
  unknown
>;

/** As it is printed. */
const printed = (report: unknown): unknown => JSON.parse(JSON.stringify(report));

describe("docs/report.schema.json", () => {
  const rich = analyze(
    drawTrace(
      [
        { roles: "LPPPPPPP", locks: { a: " hhhhhhh", b: "    wwww" } },
        { roles: "FLPPPPPP", locks: { b: "  hhhhhh", a: "     www" } },
        { roles: "FFLPPPLL", locks: { c: "    h   " } },
      ],
      { cut: true, without: ({ kind }) => kind === "promoted" || kind === "lockReleased" },
    ),
    [{ message: "a problem" }],
  );

  it("describes a report that has everything", () => {
    const { breaches, waiting, latency, problems } = rich;
    for (const list of [breaches, waiting, latency, problems]) assert.ok(list.length > 0);
    assert.deepEqual(violations(schema, printed(rich)), []);
  });

  it("describes an empty one", () => {
    const empty = analyze(drawTrace([{ roles: "" }]));
    assert.deepEqual(violations(schema, printed(empty)), []);
  });

  it("describes no other: a field too many, too few, or of another type", () => {
    assert.ok(violations(schema, { ...rich, extra: 1 }).length > 0);
    assert.ok(violations(schema, { ...rich, run: undefined }).length > 0);
    assert.ok(violations(schema, { ...rich, problems: "none" }).length > 0);
  });
});
