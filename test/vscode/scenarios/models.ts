// Compare Concurrency Models: what the panel shows before, while, after, and when it comes to nothing; and what a row leads to.

import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import type { Editor } from "../editor.ts";
import type { Scenario } from "./scenario.ts";

/**
 * Each event sleeps. Three threads do three times as much as one, whatever the machine does: where all events of a type have one
 * thread, or one lock, or there is one thread only, the model is surely slower.
 */
const sleeping = `const word = new Int32Array(new SharedArrayBuffer(4));

export const rest = (event) => {
  Atomics.wait(word, 0, 0, 5);
  return event.payload.count;
};

export function* workload() {
  for (let count = 0; ; count++) yield { type: "rest", payload: { count } };
}
`;

const settings = '{\n  "threads": 3,\n  "inFlight": 6,\n  "events": 200\n}\n';

export const models: Scenario = {
  name: "concurrency models: cancelled, refused, then which are surely slower; one is looked at and taken",
  long: true,
  files: () => ({ "sleeping.js": sleeping, "poolscope.json": settings }),
  async run(editor) {
    const { panel } = editor;
    await editor.start("sleeping.js");
    // By then the extension knows the file that is in front.
    await editor.page.locator(".codelens-decoration", { hasText: "Profile Pool" }).waitFor();
    await editor.command("Profile Pool");
    await editor.finished();
    const tab = panel.locator(".models");
    await panel.getByRole("tab", { name: "Models" }).click();
    await tab.getByText("Would another concurrency model suit").waitFor();
    await editor.screenshot("models-empty");

    await tab.getByRole("button", { name: "Compare Concurrency Models" }).click();
    await tab.locator("progress").waitFor();
    await tab.getByText("finding how long a block must be").or(tab.getByText("round 1")).waitFor();
    await editor.screenshot("models-running");
    await tab.getByRole("button", { name: "Cancel" }).click();
    await tab.getByText("Cancelled: what was measured by then proves nothing.").waitFor();
    await editor.screenshot("models-cancelled");

    await edit(editor, "return event", "return +;");
    await tab.getByRole("button", { name: "Compare Concurrency Models" }).click();
    const alert = tab.getByRole("alert");
    await alert.waitFor();
    assert.match(await alert.innerText(), /The models could not be compared\. sleeping\.js:5: /);
    await editor.screenshot("models-failed");
    await edit(editor, "return +;", "return 1;");

    // From the palette, with the handlers in front: of their newest run, in its panel, where the tab comes to the front.
    await panel.getByRole("tab", { name: "Threads" }).click();
    await editor.tab("sleeping.js").first().click();
    await editor.command("Compare Concurrency Models");
    await tab.locator("progress").waitFor();
    await tab.locator("tbody tr").first().waitFor({ timeout: comparisonMillis });
    await look(editor, tab);
    await take(editor, tab);
  },
};

async function look(editor: Editor, tab: Locator): Promise<void> {
  const rows = tab.locator("tbody[data-model]");
  const order = await rows.evaluateAll((all) => all.map((row) => row.getAttribute("data-model")));
  assert.deepEqual(order, [
    "leader-followers",
    "half-sync-half-async",
    "active-object",
    "monitor-object",
    "event-loop",
  ]);
  for (const slower of ["active-object", "monitor-object", "event-loop"]) {
    const against = await tab.locator(`[data-model=${slower}] .against`).innerText();
    assert.match(against, /Slower\s+−\d+ % to −\d+ %/, slower);
  }
  const base = tab.locator("[data-model=leader-followers]");
  assert.equal(await base.locator(".stamp").count(), 0);
  // Who fits is told where every other model is told of, and in words.
  const untold = await tab.locator(".stamp", { hasText: "Could not tell" }).count();
  assert.equal(await tab.getByText("Fits best").count(), untold === 0 ? 1 : 0);
  const handOffs = tab.locator("[data-model=event-loop] [data-label='hand-offs/event']");
  assert.equal(await handOffs.innerText(), "0.00");
  await tab.getByText("How it was measured").click();
  await tab.getByText("8 rounds, in each of them fresh processes").waitFor();
  await tab.getByText("How it was measured").click();
  await tab.locator(".sentence").evaluate((sentence) => sentence.scrollIntoView());
  for (const [name, theme] of themes) {
    await editor.theme(theme, "sleeping.js");
    await editor.panel.locator(`body.${name}`).waitFor();
    await editor.screenshot(`models-${name}`);
  }
  // Beside an editor the panel is narrow.
  const overflow = await editor.panel
    .locator("main")
    .evaluate((main) => main.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
}

const themes = [
  ["vscode-light", "Light Modern"],
  ["vscode-high-contrast", "Dark High Contrast"],
  ["vscode-dark", "Dark Modern"],
] as const;

async function take(editor: Editor, tab: Locator): Promise<void> {
  await tab.getByRole("button", { name: "Use Half-Sync/Half-Async" }).click();
  await editor.showsSource('"events": 200,', '"model": "half-sync-half-async"');
  await editor.notification("the model is half-sync-half-async from the next run on");
  await editor.screenshot("models-used");
  // By key, as who has no mouse: the name of the model leads to its trace.
  const page = await editor.page.locator(webviews).getAttribute("name");
  await tab.locator("[data-model=event-loop] td.name button").press("Enter");
  await editor.tab("event-loop.pooltrace").first().waitFor();
  // For a moment both panels are there.
  await editor.page.waitForFunction(
    ([all, before]) => {
      const [shown, ...others] = document.querySelectorAll(all);
      return others.length === 0 && shown !== undefined && shown.getAttribute("name") !== before;
    },
    [webviews, page] as const,
  );
  await editor.panel.locator(".title", { hasText: "1 thread" }).waitFor();
  // In the panel's place, whichever editor was in front: no third column.
  assert.equal(await editor.page.locator(".editor-group-container").count(), 2);
  await editor.drawn();
  await editor.screenshot("models-trace");
}

const webviews = "iframe.webview.ready";

/** On the line of the handler's answer. */
async function edit(editor: Editor, from: string, to: string): Promise<void> {
  await editor.tab("sleeping.js").first().click();
  await editor.showsSource(from);
  const line = editor.page.locator(".monaco-editor .view-line", { hasText: from });
  await line.first().click();
  await editor.page.keyboard.press("End");
  await editor.page.keyboard.press("Shift+Home");
  await editor.page.keyboard.type(to);
  await editor.showsSource(to);
  await editor.page.keyboard.press("Control+s");
}

/** Some fifty processes are started one after the other. */
const comparisonMillis = 240_000;
