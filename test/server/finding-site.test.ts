// Findings that are about no line of code: where they stand in the editor, if they do.

import assert from "node:assert/strict";
import type { Finding, Report } from "../../src/analysis/report.ts";
import { standingSite } from "../../src/server/finding-site.ts";

const module = `export function* workload() {}
export const place = (event) => event.payload;
export const cancel = (event) => event.payload;
`;
const report = { run: { module: "orders.ts" } } as Report;

function standing(finding: Partial<Finding>, text: string | undefined = module) {
  const whole = { site: undefined, remedies: [], subject: "", ...finding } as unknown as Finding;
  return standingSite(whole, report, () => text);
}

const threads = [{ kind: "configuration", key: "threads", value: 8 }] as const;

describe("a finding about the pool's configuration", () => {
  it("stands at the handler that it is about, else at the module's first", () => {
    assert.deepEqual(standing({ remedies: threads, subject: "cancel" }), {
      file: "orders.ts",
      line: 3,
      column: 14,
      function: "cancel",
    });
    assert.equal(standing({ remedies: threads })?.line, 2);
  });

  it("stands nowhere when no key would help, or when the text that ran is not known", () => {
    assert.equal(standing({ remedies: [] }), undefined);
    assert.equal(standing({ remedies: threads }, ""), undefined);
  });

  it("keeps a site of its own", () => {
    const site = { file: "other.ts", line: 7, column: 1, function: "f" };
    assert.equal(standing({ site, remedies: threads }), site);
  });
});
