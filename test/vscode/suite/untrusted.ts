// In a workspace that is not trusted, on a server where trust is on.

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { fileUri, findings, open } from "./workbench.ts";

describe("an untrusted workspace", () => {
  it("has the extension, and nothing of it runs the workspace's code", async () => {
    assert.equal(vscode.workspace.isTrusted, false);
    await open("accounts.ts");
    // The command's message waits for the person; it is done when the run has not begun.
    void vscode.commands.executeCommand("poolscope.profilePool", fileUri("accounts.ts"));
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      fileUri("accounts.ts"),
    );
    assert.ok(Array.isArray(lenses));
    assert.deepEqual(findings("accounts.ts"), []);
    const inputs = vscode.window.tabGroups.all.flatMap(({ tabs }) =>
      tabs.map(({ input }) => input),
    );
    assert.equal(inputs.filter((input) => input instanceof vscode.TabInputCustom).length, 0);
  });

  it("does not take the path of a program from the workspace", async () => {
    const settings = vscode.workspace.getConfiguration("poolscope");
    await settings.update("nodePath", "/evil/node", vscode.ConfigurationTarget.Workspace);
    assert.equal(vscode.workspace.getConfiguration("poolscope").get("nodePath"), "");
  });
});
