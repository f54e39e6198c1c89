// Findings in the editor, after a run: diagnostics, hovers, lenses, code actions, ignoring.

import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import * as vscode from "vscode";
import {
  actions,
  fileUri,
  findings,
  open,
  until,
  whenDiagnostics,
  workspace,
} from "./workbench.ts";

async function profile(): Promise<void> {
  await vscode.commands.executeCommand("poolscope.profilePool", fileUri("accounts.ts"));
}

function lineOf(text: string, piece: string): number {
  return text.split("\n").findIndex((line) => line.includes(piece));
}

/** What else is found there depends on the machine: a processor that others took, a loop that was late for it. */
function ofLedger(): vscode.Diagnostic[] {
  return findings("accounts.ts").filter(
    ({ code }) => typeof code === "object" && code.value === "lock-contention",
  );
}

describe("findings in the editor", () => {
  before(async () => {
    await open("accounts.ts");
    await profile();
    await whenDiagnostics(() => ofLedger().length > 0);
  });

  it("stand as one warning at the acquire of the lock, with its culprit and a page", async () => {
    const text = (await open("accounts.ts")).getText();
    const [finding, ...others] = ofLedger();
    assert.deepEqual(others, []);
    assert.ok(finding !== undefined);
    assert.equal(finding.range.start.line, lineOf(text, 'ctx.mutex("ledger").acquire()'));
    assert.ok(finding.range.isSingleLine);
    assert.equal(finding.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(finding.message, /Lock "ledger" keeps .* waiting/);
    const { code } = finding;
    assert.ok(typeof code === "object");
    assert.equal(code.value, "lock-contention");
    assert.match(code.target.path, /lock-contention\.md$/);
    assert.ok((finding.relatedInformation?.length ?? 0) > 0);
  });

  it("stand at the file also when it is not open", async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    assert.equal(ofLedger().length, 1);
  });

  it("tell their figures in a hover and in a lens", async () => {
    const document = await open("accounts.ts");
    const position = ofLedger()[0]?.range.start ?? new vscode.Position(0, 0);
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      position,
    );
    const texts = hovers.flatMap(({ contents }) =>
      contents.map((each) => (typeof each === "string" ? each : each.value)),
    );
    assert.ok(
      texts.some((text) => /total wait \| .* s \|/.test(text)),
      texts.join("\n"),
    );
    const lens = await until(async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        document.uri,
      );
      return lenses.find(({ command }) => command?.command === "poolscope.openLatest");
    });
    assert.match(lens.command?.title ?? "", /^p99 .* (ms|s), \d+ % waiting for locks$/);
  });

  it("move with their text, and go when the function they rest on changes", async () => {
    const document = await open("accounts.ts");
    const before = ofLedger()[0]?.range.start.line ?? -1;
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), "// one line more\n");
    await vscode.workspace.applyEdit(edit);
    await whenDiagnostics(() => ofLedger()[0]?.range.start.line === before + 1);
    const inside = new vscode.WorkspaceEdit();
    const line = lineOf(document.getText(), "ledger[0] =");
    inside.insert(document.uri, new vscode.Position(line, 0), "    // changed\n");
    await vscode.workspace.applyEdit(inside);
    await whenDiagnostics(() => ofLedger()[0]?.severity === vscode.DiagnosticSeverity.Hint);
    assert.match(ofLedger()[0]?.message ?? "", /has changed since/);
    await document.save();
    await whenDiagnostics(() => ofLedger().length === 0);
    await vscode.commands.executeCommand("undo");
    await vscode.commands.executeCommand("undo");
    await document.save();
    await whenDiagnostics(() => ofLedger()[0]?.range.start.line === before);
  });

  it("are ignored by their identity, and come back when that is undone", async () => {
    const document = await open("accounts.ts");
    const range = ofLedger()[0]?.range ?? new vscode.Range(0, 0, 0, 0);
    const ignore = (await actions("accounts.ts", range)).find(
      ({ title }) => title === "Ignore this finding",
    );
    const { command = "", arguments: given = [] } = ignore?.command ?? {};
    void vscode.commands.executeCommand(command, ...(given as unknown[]));
    await whenDiagnostics(() => ofLedger().length === 0);
    const file = `${workspace()}/poolscope.json`;
    const { ignore: identities } = JSON.parse(readFileSync(file, "utf8")) as {
      readonly ignore: readonly string[];
    };
    assert.deepEqual(identities, ["lock-contention|ledger|accounts.ts|enterInLedger"]);
    rmSync(file);
    await whenDiagnostics(() => ofLedger().length === 1);
    assert.equal(document.isDirty, false);
  });

  it("have a fix that is one undo step and leaves code that runs faster", async () => {
    const document = await open("accounts.ts");
    const before = document.getText();
    const range = ofLedger()[0]?.range ?? new vscode.Range(0, 0, 0, 0);
    const offered = await actions("accounts.ts", range);
    const fix = offered.find(({ title }) => title === "Move auditChecksum() out of the lock");
    assert.ok(fix?.edit !== undefined, offered.map(({ title }) => title).join(", "));
    assert.equal(fix.isPreferred, true);
    await vscode.workspace.applyEdit(fix.edit);
    const after = document.getText();
    assert.equal(
      lineOf(after, "const checksum = auditChecksum(amount);"),
      lineOf(after, 'ctx.mutex("ledger").acquire()') - 1,
    );
    assert.equal(after.length, before.length - 2, "only the indent of the moved line differs");
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), before);
    await vscode.commands.executeCommand("redo");
    await document.save();
    await profile();
    await whenDiagnostics(() => ofLedger().every(({ message }) => !message.includes('"ledger"')));
  });

  it("opens a trace in its custom editor", async () => {
    const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) =>
      tabs.map(({ input }) => input),
    );
    const traces = inputs.filter(
      (input) => input instanceof vscode.TabInputCustom && input.viewType === "poolscope.trace",
    );
    assert.ok(traces.length >= 1);
  });
});
