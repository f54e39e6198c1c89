// A key of poolscope.json set by a code action: in the file's own formatting, in the nearest file, made where there is none.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configurationEdit } from "../../src/server/edits/configuration-edit.ts";
import { applyChanges } from "../../src/server/edits/source-edit.ts";

describe("an edit of poolscope.json", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-config-"));
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "package.json"), "{}\n");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const find = (key: string, value: string | number, open?: string) =>
    configurationEdit(join(folder, "src", "handlers.ts"), key, value, () => open);
  const edit = (key: string, value: string | number, open?: string) => {
    const found = find(key, value, open);
    return found.kind === "edit" ? found : assert.fail(found.kind);
  };
  const edited = (text: string, key: string, value: string | number): string =>
    applyChanges(text, edit(key, value, text).edit.changes);

  it("keeps what is there as it is written", () => {
    assert.equal(
      edited('{\n\t"seed": 1,\n\n\t"threads": 2\n}\n', "threads", 8),
      '{\n\t"seed": 1,\n\n\t"threads": 8\n}\n',
    );
    assert.equal(
      edited('{\n    "seed": 1\n}\n', "promotion", "fifo"),
      '{\n    "seed": 1,\n    "promotion": "fifo"\n}\n',
    );
    assert.equal(
      edited('{\r\n  "seed": 1\r\n}', "threads", 8),
      '{\r\n  "seed": 1,\r\n  "threads": 8\r\n}',
    );
  });

  it("is for the nearest file, or makes one beside package.json", () => {
    const made = edit("threads", 8);
    assert.equal(made.file, join(folder, "poolscope.json"));
    assert.equal(made.creates, true);
    assert.equal(applyChanges("", made.edit.changes), '{\n  "threads": 8\n}\n');
    writeFileSync(join(folder, "src", "poolscope.json"), "{}\n");
    const near = edit("threads", 8);
    assert.equal(near.file, join(folder, "src", "poolscope.json"));
    assert.equal(near.creates, false);
  });

  it("says which keys change more than the speed", () => {
    assert.equal(edit("threads", 8).edit.risk, undefined);
    assert.equal(edit("promotion", "fifo").edit.risk, undefined);
    assert.match(edit("concurrentEvents", 8).edit.risk ?? "", /at each await/);
    assert.match(edit("queue", "priority").edit.risk ?? "", /another order/);
  });

  it("is not offered for what is set already, nor in a file that is no JSON", () => {
    assert.equal(find("threads", 8, '{ "threads": 8 }').kind, "set-already");
    assert.equal(find("threads", 8, '{ "threads": ').kind, "unreadable");
  });
});
