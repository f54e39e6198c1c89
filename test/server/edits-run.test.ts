// Every edit of a person's source, as a table: a module, the place of the finding, the text afterwards. Each module is then
// run by the same events in a pool before and after, and the results are compared.

import assert from "node:assert/strict";
import { applyChanges, offered } from "../../src/server/edits/source-edit.ts";
import { handlerSource } from "../../src/server/source/handler-source.ts";
import { runModules } from "../support/edited-handlers.ts";
import { editCases } from "./edit-cases/all.ts";
import type { EditCase } from "./edit-cases/edit-case.ts";

function edited({ edit, before, at }: EditCase): { text: string; risk: string | undefined } {
  const source = handlerSource(before, "case.ts");
  const offset = before.indexOf(at);
  assert.notEqual(offset, -1, `"${at}" is not in the module`);
  const found = source === undefined ? undefined : offered(edit, source, offset);
  assert.ok(found !== undefined, "nothing is offered");
  return { text: applyChanges(before, found.changes), risk: found.risk };
}

describe("an edit of the source", () => {
  for (const each of editCases) {
    it(each.name, () => {
      const { text, risk } = edited(each);
      const unchanged = each.before.replace(each.from, "");
      assert.notEqual(unchanged, each.before, "the piece to be changed is in the module");
      assert.equal(
        text,
        each.before.replace(each.from, () => each.to),
      );
      assert.equal(risk !== undefined, each.mayChange, risk);
    });
  }

  it("leaves the results of handlers in a pool as they were, each of them", async () => {
    const before = await runModules(
      editCases.map(({ before, payloads }) => ({ text: before, payloads })),
    );
    const after = await runModules(
      editCases.map((each) => ({ text: edited(each).text, payloads: each.payloads })),
    );
    for (const [index, { name, results }] of editCases.entries()) {
      assert.equal(before[index]?.length, results, name);
      assert.ok(!before[index]?.some((result) => String(result).startsWith("rejected")), name);
      assert.deepEqual(after[index], before[index], name);
    }
  });
});
