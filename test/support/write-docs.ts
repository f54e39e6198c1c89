// `npm run docs`: writes what the documents of the rules say by themselves. A test holds them against it.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { rules } from "../../src/analysis/rules/rules.ts";
import { pictureFor, rulesSchema, rulesTable, writtenFrom, writtenPart } from "./rule-pages.ts";

mkdirSync("docs/findings/pictures", { recursive: true });
writeFileSync("docs/rules.md", rulesTable(rules));
const schema = JSON.parse(readFileSync("poolscope.schema.json", "utf8")) as {
  readonly properties: Record<string, unknown>;
};
schema.properties["rules"] = rulesSchema(rules);
writeFileSync("poolscope.schema.json", `${JSON.stringify(schema, undefined, 2)}\n`);
for (const rule of rules) {
  const page = `docs/findings/${rule.id}.md`;
  const text = existsSync(page) ? readFileSync(page, "utf8") : `# ${rule.title}\n\n`;
  const byHand = text.split(`${writtenFrom}\n`)[0] ?? "";
  writeFileSync(page, `${byHand.trimEnd()}\n\n${writtenPart(rule)}`);
  writeFileSync(`docs/findings/pictures/${rule.id}.svg`, pictureFor(rule));
}
