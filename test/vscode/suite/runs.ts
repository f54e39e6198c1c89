// Runs that are kept, and the example.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import * as vscode from "vscode";
import { fileUri, until } from "./workbench.ts";

/** Paths of the traces that are open in our editor. */
function openTraces(): string[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) =>
    tabs.flatMap(({ input }) =>
      input instanceof vscode.TabInputCustom && input.viewType === "poolscope.trace"
        ? [input.uri.fsPath]
        : [],
    ),
  );
}

describe("runs", () => {
  it("are kept up to the number that the person set, the newest of them", async () => {
    const settings = vscode.workspace.getConfiguration("poolscope");
    await settings.update("traces.keep", 1, vscode.ConfigurationTarget.Workspace);
    const before = openTraces();
    await vscode.commands.executeCommand("poolscope.profilePool", fileUri("accounts.ts"));
    const [newest] = openTraces().filter((path) => !before.includes(path));
    assert.ok(newest !== undefined && existsSync(newest));
    assert.ok(before.length > 0);
    assert.deepEqual(
      before.filter((path) => existsSync(path)),
      [],
    );
    await settings.update("traces.keep", undefined, vscode.ConfigurationTarget.Workspace);
  });

  it("has an example that is opened and profiled by one command", async () => {
    const before = openTraces();
    await vscode.commands.executeCommand("poolscope.profileExample");
    await until(async () => (openTraces().length > before.length ? true : undefined));
    const names = vscode.window.visibleTextEditors.map(({ document }) => document.fileName);
    assert.ok(
      names.some((name) => /example.accounts\.ts$/.test(name)),
      names.join(),
    );
  });
});
