// A trace that somebody else made, to be run and to have files read: nothing runs, nothing is read, and the panel says what is wrong.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Editor } from "../editor.ts";
import { recordTrace, type Scenario } from "./scenario.ts";

const own = "export default () => 1;\n";
const files = (): Readonly<Record<string, string>> => ({ "a.js": own });

interface Forged {
  /** Outside of the workspace. */
  readonly folder: string;
  /** Made by its sources as soon as they are loaded. */
  readonly marker: string;
}

/** Recorded with another key, as on somebody else's machine; what it names lies here otherwise by now. */
function forge(root: string, workspace: string): Forged {
  const folder = mkdtempSync(join(tmpdir(), "poolscope-outside-"));
  const [marker, pipe] = [join(folder, "it-ran"), join(folder, "pipe.js")];
  writeFileSync(pipe, "export const theirs = 1;\n");
  const source = `import { writeFileSync } from "node:fs";
import { theirs } from "../${basename(folder)}/pipe.js";
writeFileSync(${JSON.stringify(marker)}, "");
export default () => theirs;
export function* workload() { for (let n = 0; n < 50; n++) yield {}; }
`;
  writeFileSync(join(workspace, "a.js"), source);
  const env = { XDG_CONFIG_HOME: join(folder, "configuration") };
  recordTrace(root, workspace, "a.js", "theirs.pooltrace", env);
  writeFileSync(join(workspace, "a.js"), own);
  rmSync(marker);
  rmSync(pipe);
  // Whoever opens it waits for ever.
  execFileSync("mkfifo", [pipe]);
  return { folder, marker };
}

/** What the panel says of the trace, with what was found in it. */
async function opened(editor: Editor): Promise<void> {
  await editor.start("theirs.pooltrace");
  await editor.panel.getByRole("tab", { name: "Findings" }).click();
  await editor.panel.getByText("This trace was not recorded by this installation").waitFor();
}

async function compareFromPanel(editor: Editor): Promise<void> {
  await editor.tab("theirs.pooltrace").first().click();
  await editor.command("Profile Again and Compare");
}

export const hostileTrusted: Scenario = {
  name: "a hostile trace in a trusted window: nothing of it runs unasked, and no file elsewhere is read",
  files,
  async run(editor, { root }) {
    const { folder, marker } = forge(root, editor.workspace);
    try {
      await opened(editor);
      await editor.panel.getByText("and therefore not read: /").waitFor();
      await editor.screenshot("hostile-trusted");
      const dialog = editor.page.locator(".monaco-dialog-box");
      await compareFromPanel(editor);
      await dialog.getByText("Comparing runs its sources: a.js").waitFor();
      await editor.screenshot("hostile-question");
      await dialog.getByRole("button", { name: "Look at the Sources" }).click();
      await editor.showsSource("export const theirs");
      assert.ok(!existsSync(marker));
      await compareFromPanel(editor);
      await dialog.getByRole("button", { name: "Cancel" }).click();
      await dialog.waitFor({ state: "detached" });
      assert.ok(!existsSync(marker));
      await compareFromPanel(editor);
      await dialog.getByRole("button", { name: "Run Them" }).click();
      // Consent is for what was shown: now, and only now, it runs.
      while (!existsSync(marker)) await editor.page.waitForTimeout(100);
      await editor.command("Stop Profiling");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

export const hostileUntrusted: Scenario = {
  name: "a hostile trace in an untrusted window: nothing runs, nothing is read, and the panel says so",
  trust: true,
  files,
  async run(editor, { root }) {
    const { folder, marker } = forge(root, editor.workspace);
    try {
      await opened(editor);
      await editor.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
      await editor.panel.getByText("no file that the trace names was read").waitFor();
      await compareFromPanel(editor);
      await editor.notification("the workspace is not trusted");
      await editor.screenshot("hostile-untrusted");
      assert.equal(await editor.page.locator(".monaco-dialog-box").count(), 0);
      assert.ok(!existsSync(marker));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
