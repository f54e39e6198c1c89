// Quick fixes, from the evidence to the proof: profile, the finding at its line, the edit, profile again.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import { modules } from "./modules.ts";
import { actions, fileUri, findings, measured, open, put, whenDiagnostics } from "./workbench.ts";

/** Profiles a module of its own and waits until a finding of the rule stands in it. */
async function profile(name: string, text: string, rule: string): Promise<vscode.Diagnostic> {
  put(name, text);
  await open(name);
  await vscode.commands.executeCommand("poolscope.profilePool", fileUri(name));
  const found = (): vscode.Diagnostic | undefined =>
    measured(name).find(({ code }) => typeof code === "object" && code.value === rule);
  await whenDiagnostics(() => found() !== undefined);
  const finding = found();
  assert.ok(finding !== undefined);
  return finding;
}

async function fix(name: string, at: vscode.Diagnostic, title: RegExp): Promise<vscode.CodeAction> {
  const offered = await actions(name, at.range);
  const found = offered.find((action) => title.test(action.title));
  assert.ok(found?.edit !== undefined, offered.map((action) => action.title).join("\n"));
  return found;
}

/** Applies its text without the preview in which a person confirms what may change behaviour. */
async function apply({ edit }: vscode.CodeAction): Promise<void> {
  const plain = new vscode.WorkspaceEdit();
  for (const [uri, changes] of edit?.entries() ?? []) plain.set(uri, changes);
  await vscode.workspace.applyEdit(plain);
  await vscode.workspace.saveAll();
}

async function profileAgain(name: string): Promise<void> {
  await vscode.commands.executeCommand("poolscope.profilePool", fileUri(name));
}

describe("a quick fix", () => {
  it("puts Atomics.add in place of a lock around a counter, and the contention is gone", async () => {
    const file = "visits/visits.ts";
    // How much two threads wait for it depends on the processors that the editor leaves them.
    const sensitive = { leastShare: 0, leastScore: 0, leastConvoyScore: 0 };
    put("visits/poolscope.json", JSON.stringify({ rules: { "lock-contention": sensitive } }));
    const finding = await profile(file, modules.visit, "lock-contention");
    assert.match(finding.message, /Lock "visits" keeps/);
    const action = await fix(file, finding, /^Replace lock "visits" by Atomics\.add$/);
    assert.equal(action.isPreferred, true);
    await apply(action);
    const document = await open(file);
    assert.match(document.getText(), /\{\n {4}Atomics\.add\(visits\(ctx\), 0, 1\);\n {2}\}/);
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), modules.visit, "one undo step");
    await vscode.commands.executeCommand("redo");
    await profileAgain(file);
    assert.deepEqual(
      findings(file).filter(({ message }) => message.includes('"visits"')),
      [],
    );
  });

  it("takes two locks in one order everywhere, which were seen in both by one thread", async () => {
    put("orders/poolscope.json", '{ "threads": 1 }\n');
    const finding = await profile("orders/orders.ts", modules.orders, "lock-order-inversion");
    const title = /^Take lock "\w+" before lock "\w+" \(may change behaviour\)$/;
    const action = await fix("orders/orders.ts", finding, title);
    assert.equal(action.isPreferred ?? false, false);
    await apply(action);
    const text = (await open("orders/orders.ts")).getText();
    const order = [...text.matchAll(/mutex\("(\w+)"\)/g)].map(([, name]) => name);
    assert.deepEqual(order.slice(0, 2), order.slice(2));
    await profileAgain("orders/orders.ts");
    await whenDiagnostics(() =>
      findings("orders/orders.ts").every(({ message }) => !message.includes("both orders")),
    );
  });

  it("sets a key of poolscope.json where the evidence asks for it, in its own formatting", async () => {
    put("asks/poolscope.json", '{\n    "threads": 2,\n    "seed": 7\n}\n');
    const finding = await profile("asks/asks.ts", modules.downstream, "not-your-pool");
    assert.equal(finding.range.start.line, 2, "at the handler");
    const title = /^Set "concurrentEvents" to \d+ in poolscope\.json \(may change behaviour\)$/;
    await apply(await fix("asks/asks.ts", finding, title));
    assert.match(
      (await open("asks/poolscope.json")).getText(),
      /^\{\n {4}"threads": 2,\n {4}"seed": 7,\n {4}"concurrentEvents": [1-9]\d*\n\}\n$/,
    );
    await profileAgain("asks/asks.ts");
    const saved = readFileSync(fileUri("asks/poolscope.json").fsPath, "utf8");
    assert.match(saved, /concurrentEvents/, "it is in force for the next run");
  });
});

const typed = (): vscode.Diagnostic[] =>
  vscode.languages
    .getDiagnostics(fileUri("prices.ts"))
    .filter(({ source }) => source === "Poolscope static");

describe("checks while typing", () => {
  it("find a lock held across an await without a run, and have an edit for it", async () => {
    put("prices.ts", modules.prices);
    const document = await open("prices.ts");
    await whenDiagnostics(() => typed().length === 1);
    const [finding] = typed();
    assert.ok(finding !== undefined && typeof finding.code === "object");
    assert.equal(document.getText(finding.range), "await");
    assert.equal(finding.code.value, "await-under-lock");
    assert.match(finding.code.target.path, /docs\/diagnostics\/await-under-lock\.md$/);
    const action = await fix("prices.ts", finding, /^Move readFile\(\) out of the lock \(may/);
    await apply(action);
    await whenDiagnostics(() => typed().length === 0);
    assert.match(document.getText(), /const text = await readFile.*\n {2}const guard = /);
  });

  it("follow the text, and leave alone what a comment asks them to", async () => {
    const document = await open("prices.ts");
    await vscode.commands.executeCommand("undo");
    await whenDiagnostics(() => typed().length === 1);
    const line = typed()[0]?.range.start.line ?? 0;
    const edit = new vscode.WorkspaceEdit();
    const reason = "    // poolscope-ignore await-under-lock: nobody else wants it\n";
    edit.insert(document.uri, new vscode.Position(line, 0), reason);
    await vscode.workspace.applyEdit(edit);
    await whenDiagnostics(() => typed().length === 0);
  });
});

describe("a lock that is not ours", () => {
  it("is found contended in handlers that know nothing of Poolscope", async () => {
    put("saves/poolscope.json", '{ "threads": 1, "concurrentEvents": 16 }\n');
    const finding = await profile("saves/saves.ts", modules.foreign, "lock-contention");
    const document = await open("saves/saves.ts");
    assert.equal(document.getText(), modules.foreign);
    assert.match(finding.message, /async-mutex/);
    assert.match(document.lineAt(finding.range.start.line).text, /runExclusive/);
  });
});
