// Runs that do not go as they should, and what the person is told.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { bankTransfers, recordTrace, unlocked, type Scenario } from "./scenario.ts";

const endless = unlocked.replace("seed < 4000", "true");

export const stopped: Scenario = {
  name: "a run is stopped and keeps what was recorded; a second one meanwhile is refused",
  files: () => ({ "hashes.js": endless, "poolscope.json": '{ "duration": 100 }' }),
  async run(editor) {
    await editor.start("hashes.js");
    await editor.command("Profile Pool");
    await editor.panel.locator("main.running .figures").waitFor();
    await editor.tab("hashes.js").click();
    await editor.command("Profile Pool");
    await editor.notification("is being profiled already");
    await editor.screenshot("refused-second");
    await editor.panel.getByRole("button", { name: "Stop" }).click();
    await editor.finished();
    await editor.hasRun();
    assert.equal(await editor.panel.getByRole("alert").count(), 0);
  },
};

export const configurations: Scenario = {
  name: "of several configurations one is picked, and the run has its threads",
  files: () => ({
    "hashes.js": unlocked,
    "poolscope.json": '{ "threads": 4 }',
    "poolscope.narrow.json": '{ "threads": 2, "events": 500 }',
  }),
  async run(editor) {
    await editor.start("hashes.js");
    await editor.command("Profile Pool");
    await editor.pick("poolscope.narrow.json");
    await editor.finished();
    await editor.panel.getByText("2 threads").first().waitFor();
  },
};

const failing = `export default (event) => {
  if (event.payload.count % 3 === 0) throw new RangeError("no such account");
  return event.payload.count;
};

export function* workload() {
  for (let count = 0; count < 3000; count++) yield { payload: { count }, priority: count % 2 === 0 ? 1 : 5 };
}
`;

export const failures: Scenario = {
  name: "failing handlers are counted and told, with their message; the queue is told by priority",
  files: () => ({ "failing.js": failing }),
  async run(editor) {
    await editor.start("failing.js");
    await editor.command("Profile Pool");
    await editor.finished();
    assert.equal(await editor.panel.locator(".figures .bad dd").first().innerText(), "1,000");
    await editor.panel.getByRole("tab", { name: "Findings" }).click();
    await editor.panel.locator(".findings", { hasText: "no such account" }).waitFor();
    await editor.screenshot("failures");
    await editor.panel.getByRole("tab", { name: "Latency" }).click();
    const queue = editor.panel.locator("table.queue tbody tr");
    const priorities = await queue.locator("td:first-child").allInnerTexts();
    assert.deepEqual(priorities, ["5", "1"]);
    await queue.last().scrollIntoViewIfNeeded();
    await editor.screenshot("queue-by-priority");
  },
};

export const refused: Scenario = {
  name: "a syntax error is told with its place, and the next run works",
  files: () => ({ "broken.js": unlocked.replace("return hash;", "return hash +;") }),
  async run(editor) {
    await editor.start("broken.js");
    await editor.command("Profile Pool");
    const told = await editor.notification("broken.js:4");
    await editor.screenshot("refused");
    // By key: a hover of the editor's own may lie over the button.
    await told.getByRole("button", { name: "Open" }).press("Enter");
    await editor.cursorAt(4);
    await editor.page.keyboard.press("End");
    await editor.page.keyboard.press("ArrowLeft");
    await editor.page.keyboard.type(" 1");
    await editor.showsSource("return hash + 1;");
    await editor.command("Profile Pool");
    await editor.finished();
    await editor.hasRun();
  },
};

export const noHandlers: Scenario = {
  name: "on a file that is no handler file nothing shows, and the command explains",
  files: () => ({ "plain.js": "export function double(event) {\n  return 2;\n}\n" }),
  async run(editor) {
    await editor.start("plain.js");
    await editor.showsSource("export function double");
    await editor.command("Profile Pool");
    await editor.page
      .locator(".quick-input-widget input[placeholder*='A handler is an exported function']")
      .waitFor();
    assert.equal(await editor.page.locator(".codelens-decoration").count(), 0);
    await editor.screenshot("no-handlers");
    await editor.pick("Use the exported function double");
    await editor.pick("Empty events");
    await editor.page.locator(".quick-input-widget", { hasText: "How many events?" }).waitFor();
    await editor.page.keyboard.press("Enter");
    await editor.finished();
    await editor.hasRun();
  },
};

const suicidal = `export default (event) => {
  if (event.payload.count === 2000) process.kill(process.pid, "SIGKILL");
  let hash = event.payload.count;
  for (let i = 0; i < 100_000; i++) hash = Math.imul(hash ^ i, 0x01000193);
  return hash;
};

export function* workload() {
  for (let count = 0; ; count++) yield { payload: { count } };
}
`;

export const killed: Scenario = {
  name: "a runtime process that is killed is told, what was recorded stays, the next run works",
  // The second run lasts until it has been seen running, however slow the editor beside it.
  files: () => ({ "fatal.js": suicidal, "poolscope.json": '{ "duration": 300 }' }),
  async run(editor) {
    await editor.start("fatal.js");
    await editor.command("Profile Pool");
    await editor.finished();
    const alert = await editor.panel.getByRole("alert").innerText();
    assert.match(alert, /The run was cut: .*SIGKILL.*recorded until then is shown/);
    await editor.hasRun();
    await editor.notification("The run was cut");
    await editor.screenshot("killed");
    await editor.tab("fatal.js").click();
    await editor.showsSource("count === 2000");
    await editor.page.getByText("2000", { exact: true }).first().dblclick();
    await editor.page.keyboard.type("-1");
    await editor.showsSource("count === -1");
    await editor.command("Profile Pool");
    await editor.panel.locator("main.running .figures").waitFor();
    await editor.command("Stop Profiling");
    await editor.finished();
    assert.equal(await editor.panel.getByRole("alert").count(), 0);
    const comparison = await editor.panel.locator(".comparison").innerText();
    assert.match(comparison, /Against the run before: .* events\/s/);
  },
};

export const serverDies: Scenario = {
  name: "a server that dies is told in the panel and beside it, and the next run starts another",
  files: () => ({ "hashes.js": unlocked }),
  async run(editor, { folder }) {
    await editor.start("hashes.js");
    await editor.command("Profile Pool");
    await editor.finished();
    killServers(folder);
    await editor.panel.locator("main.empty-page[role=alert]").waitFor();
    await editor.notification("The Poolscope server has stopped");
    await editor.screenshot("server-died");
    await editor.tab("hashes.js").first().click();
    await editor.command("Profile Pool");
    await editor.finished();
    await editor.hasRun();
  },
};

/** The language servers of this editor: their script lies in its folder of extensions. */
function killServers(folder: string): void {
  for (const entry of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const command = readText(`/proc/${entry}/cmdline`);
    if (command.includes(folder) && command.includes("/dist/server.cjs")) {
      process.kill(Number(entry), "SIGKILL");
    }
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // The process ended meanwhile.
    return "";
  }
}

export const sizeLimit: Scenario = {
  name: "a run stops when its trace is as large as it may be, and says so",
  files: () => ({
    "hashes.js": unlocked.replace("seed < 4000", "true").replace("100_000", "10"),
    "poolscope.json": '{ "duration": 100 }',
    ".vscode/settings.json": '{ "poolscope.maxTraceSize": 1 }',
  }),
  async run(editor) {
    await editor.start("hashes.js");
    await editor.command("Profile Pool");
    await editor.finished();
    await editor.panel.getByText("The run was stopped: its trace has reached 1 MiB.").waitFor();
    assert.equal(await editor.panel.getByRole("alert").count(), 0);
  },
};

export const untrusted: Scenario = {
  name: "in an untrusted workspace nothing runs, the command says why, and traces can be viewed",
  trust: true,
  files: bankTransfers,
  async run(editor, { root }) {
    recordTrace(root, editor.workspace, "accounts.ts", "saved.pooltrace");
    await editor.start("accounts.ts");
    await editor.page.locator(".statusbar-item", { hasText: "Restricted Mode" }).waitFor();
    await editor.command("Profile Pool");
    await editor.notification("the workspace is not trusted");
    await editor.screenshot("untrusted");
    assert.equal(await editor.page.locator("iframe.webview").count(), 0);
    await editor.openFile("saved.pooltrace");
    await editor.finished();
    assert.equal(await editor.panel.locator(".tab table tbody tr").first().count(), 1);
  },
};

export const runsView: Scenario = {
  name: "the view of runs: what to do when it is empty, then the run with its figures",
  files: () => ({ "hashes.js": unlocked }),
  async run(editor) {
    await editor.start("hashes.js");
    await editor.activityIcon.click();
    await editor.page.getByText("No handlers at hand?").waitFor();
    await editor.screenshot("runs-empty");
    await editor.tab("hashes.js").click();
    await editor.command("Profile Pool");
    await editor.finished();
    const run = editor.page.locator(".pane-body .monaco-list-row", { hasText: "hashes.js" });
    await run.filter({ hasText: "events/s" }).first().waitFor();
    await editor.screenshot("runs");
  },
};
