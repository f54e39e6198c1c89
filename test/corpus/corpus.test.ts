// The corpus itself: the same seed gives the same program, every program loads, and a twin differs from its fault.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { prepareModule } from "../../src/runtime/loader/prepare-module.ts";
import { kinds, programOf, seedSets } from "./corpus.ts";
import { here } from "./program.ts";

describe("the corpus", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-corpus-"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const kind of kinds) {
    it(`has programs of ${kind.id} that load, the same for the same seed`, async () => {
      for (const seed of [seedSets.tuning, seedSets.tuning + 1]) {
        const program = programOf(kind, seed, false);
        const twin = programOf(kind, seed, true);
        assert.deepEqual(program, programOf(kind, seed, false));
        assert.notEqual(program.text, programOf(kind, seed + 7, false).text);
        if (kind.costs !== "healthy") {
          assert.notDeepEqual(
            [program.text, program.configuration],
            [twin.text, twin.configuration],
            "the twin is fixed",
          );
          assert.equal(twin.planted, undefined);
        }
        for (const { name, text } of [program, twin]) {
          assert.ok(!text.includes(here));
          const file = join(folder, `${name}.mjs`);
          writeFileSync(file, text);
          const prepared = await prepareModule(file, folder);
          assert.equal(prepared.kind, "prepared", JSON.stringify(prepared));
        }
      }
    });
  }
});
