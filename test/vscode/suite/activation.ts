// What loads when, and what the editor knows of us.

import assert from "node:assert/strict";
import Module from "node:module";
import * as vscode from "vscode";
import { open, until } from "./workbench.ts";

const extension = (): vscode.Extension<unknown> | undefined =>
  vscode.extensions.getExtension("poolscope.poolscope");

/** Which of our bundles this extension host has loaded. */
function loadedBundles(): string[] {
  const cache = (Module as unknown as { readonly _cache: Readonly<Record<string, unknown>> })
    ._cache;
  const dist = `${extension()?.extensionPath ?? ""}/dist/`;
  return Object.keys(cache)
    .filter((file) => file.startsWith(dist))
    .map((file) => file.slice(dist.length))
    .sort();
}

describe("activation", () => {
  it("loads no language client for a file that is no handler file", async () => {
    await open("plain.ts");
    await until(async () => (extension()?.isActive === true ? true : undefined));
    assert.deepEqual(loadedBundles(), ["extension.cjs"]);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      vscode.window.activeTextEditor?.document.uri,
    );
    assert.deepEqual(
      lenses.filter(({ command }) => command?.command.startsWith("poolscope.")),
      [],
    );
  });

  it("loads it for a handler file, and puts a lens over each handler", async () => {
    const document = await open("accounts.ts");
    const titles = await until(async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        "vscode.executeCodeLensProvider",
        document.uri,
      );
      const ours = lenses.filter(({ command }) => command?.command === "poolscope.profilePool");
      return ours.length === 0 ? undefined : ours;
    });
    assert.deepEqual(
      titles.map(({ command, range }) => [
        command?.title,
        document.lineAt(range.start.line).text.slice(0, 22),
      ]),
      [
        ["Profile Pool", "export const transfer:"],
        ["Profile Pool", "export const balance: "],
      ],
    );
    assert.deepEqual(loadedBundles(), ["client.cjs", "extension.cjs"]);
  });

  it("registers every command that it contributes", async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    const manifest = extension()?.packageJSON as {
      readonly contributes: { readonly commands: readonly { readonly command: string }[] };
    };
    const { commands } = manifest.contributes;
    assert.ok(commands.length > 5);
    assert.deepEqual(
      commands.filter(({ command }) => !known.has(command)),
      [],
    );
  });

  it("has its settings, with their defaults", () => {
    const settings = vscode.workspace.getConfiguration("poolscope");
    assert.equal(settings.get("maxTraceSize"), 500);
    assert.equal(settings.get("traces.keep"), 20);
    assert.equal(settings.get("nodePath"), "");
  });
});
