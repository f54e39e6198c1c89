// Each rule has its page, its picture and its row, and they say what the rule does.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { rules } from "../../src/analysis/rules/rules.ts";
import {
  foundFor,
  pictureFor,
  rulesSchema,
  rulesTable,
  writtenFrom,
  writtenPart,
} from "../support/rule-pages.ts";

const stale = "run `npm run docs`";

describe("documents of the rules", () => {
  for (const rule of rules) {
    it(`${rule.id}: its picture shows a run in which it finds itself, its page says what it does`, () => {
      assert.equal(foundFor(rule.id)?.page, `docs/findings/${rule.id}.md`);
      const page = readFileSync(`docs/findings/${rule.id}.md`, "utf8");
      const [byHand = "", written] = page.split(`${writtenFrom}\n`);
      assert.ok(written !== undefined, stale);
      assert.equal(`${writtenFrom}\n${written}`, writtenPart(rule), stale);
      assert.ok(byHand.startsWith(`# ${rule.title}\n`));
      assert.match(byHand, /^## What to do$/m);
      const picture = readFileSync(`docs/findings/pictures/${rule.id}.svg`, "utf8");
      assert.equal(picture, pictureFor(rule), stale);
    });
  }

  it("docs/rules.md has them all, with the events that they read", () => {
    assert.equal(readFileSync("docs/rules.md", "utf8"), rulesTable(rules), stale);
  });

  it("poolscope.schema.json has their thresholds", () => {
    const schema = JSON.parse(readFileSync("poolscope.schema.json", "utf8")) as {
      readonly properties: { readonly rules: unknown };
    };
    assert.deepEqual(schema.properties.rules, rulesSchema(rules), stale);
  });

  it("docs/findings has no page of a rule that is gone", () => {
    const pages = readdirSync("docs/findings").filter((name) => name.endsWith(".md"));
    assert.deepEqual(pages.sort(), rules.map(({ id }) => `${id}.md`).sort());
  });
});
