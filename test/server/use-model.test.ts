// "Use This Model": the edit of poolscope.json that the client is to make, or why there is none.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { TextDocument } from "vscode-languageserver-textdocument";
import { useModel } from "../../src/server/use-model.ts";

describe("the choice of a concurrency model", () => {
  let folder = "";
  let file = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-model-"));
    file = join(folder, "poolscope.json");
    writeFileSync(join(folder, "package.json"), "{}\n");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const use = (open?: TextDocument) =>
    useModel({ module: join(folder, "add.js"), model: "active-object" }, () => open);

  it("edits the document as the editor has it, not the file", () => {
    writeFileSync(file, "{}\n");
    const uri = pathToFileURL(file).href;
    const open = TextDocument.create(uri, "json", 7, '{\n  "threads": 3\n}\n');
    const answer = use(open);
    assert.ok(answer.kind === "edit");
    assert.equal(answer.file, file);
    const { documentChanges } = answer.edit as {
      readonly documentChanges: readonly {
        readonly textDocument: { readonly uri: string; readonly version: number };
        readonly edits: { newText: string; range: Parameters<TextDocument["getText"]>[0] & {} }[];
      }[];
    };
    const [change] = documentChanges;
    assert.deepEqual(change?.textDocument, { uri, version: 7 });
    assert.equal(
      TextDocument.applyEdits(open, change.edits),
      '{\n  "threads": 3,\n  "model": "active-object"\n}\n',
    );
  });

  it("makes the file where there is none", () => {
    const answer = use();
    assert.ok(answer.kind === "edit");
    const { documentChanges } = answer.edit as { readonly documentChanges: readonly object[] };
    assert.deepEqual(documentChanges[0], { kind: "create", uri: pathToFileURL(file).href });
  });

  it("says that it is set already, and that half-typed JSON is not edited", () => {
    writeFileSync(file, '{ "model": "active-object" }');
    assert.deepEqual(use(), { kind: "set-already", file });
    writeFileSync(file, '{ "model": ');
    const answer = use();
    assert.ok(answer.kind === "refused");
    assert.match(answer.message, /poolscope\.json is no complete JSON: put it right/);
  });
});
