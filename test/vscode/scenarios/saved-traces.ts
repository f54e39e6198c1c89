// Traces from disk: what the panel says agrees with the terminal, what it draws with the trace; a cut one, and one that is
// none.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stateRows, waitPixels } from "../pixels.ts";
import {
  bankTransfers,
  changeSettings,
  cutTrace,
  recordTrace,
  reportOf,
  twoSites,
  unlocked,
  type Scenario,
} from "./scenario.ts";

const handlers = (root: string): Readonly<Record<string, string>> => ({
  ...bankTransfers(root),
  "hashes.js": unlocked,
  "sites.js": twoSites,
});

export const figuresAgree: Scenario = {
  name: "a saved trace: the panel's figures are the terminal's, in a light theme",
  files: handlers,
  async run(editor, { root, folder }) {
    const trace = recordTrace(root, editor.workspace, "accounts.ts", "saved.pooltrace");
    const report = reportOf(root, trace);
    changeSettings(folder, { "workbench.colorTheme": "Default Light Modern" });
    try {
      await editor.start("saved.pooltrace");
      await editor.finished();
      const [hotspot] = report.hotspots;
      const cells = await editor.cells();
      assert.equal(cells["Lock"], hotspot?.lock);
      assert.equal(cells["Share of thread time"], `${Math.round((hotspot?.share ?? 0) * 100)} %`);
      assert.equal(cells["Waits"], hotspot?.waits.toLocaleString("en-US"));
      const rate = await editor.panel.locator(".figures dd").first().innerText();
      assert.equal(rate, Math.round(report.events.throughput).toLocaleString("en-US"));
      await editor.screenshot("saved-light");
      for (const tab of ["Latency", "Threads", "Findings", "Events"]) {
        await editor.panel.getByRole("tab", { name: tab }).click();
        await editor.panel.locator(".tab table tbody tr, .tab .findings li").first().waitFor();
        await editor.screenshot(`tab-${tab.toLowerCase()}-light`);
      }
    } finally {
      changeSettings(folder, { "workbench.colorTheme": "Default Dark Modern" });
    }
  },
};

export const culpritAndVictim: Scenario = {
  name: "the holder's line and the waiter's line are told apart",
  files: handlers,
  async run(editor, { root }) {
    recordTrace(root, editor.workspace, "sites.js", "sites.pooltrace");
    await editor.start("sites.pooltrace");
    await editor.finished();
    const cells = await editor.cells();
    assert.equal(cells["Lock"], "register");
    assert.match(cells["Held at"] ?? "", /^sites\.js:2\b/);
    assert.match(cells["Waits at"] ?? "", /^sites\.js:10\b/);
    await (await editor.cell("Waits at")).locator("button.link").click();
    await editor.cursorAt(10);
  },
};

export const lanesAgree: Scenario = {
  name: "lanes: a wait is red where the trace has it, and nothing is red without waits",
  files: handlers,
  async run(editor, { root }) {
    const trace = recordTrace(root, editor.workspace, "accounts.ts", "waits.pooltrace");
    const worst = reportOf(root, trace).hotspots[0]?.worstInterval;
    recordTrace(root, editor.workspace, "hashes.js", "control.pooltrace");
    await editor.start("waits.pooltrace");
    await editor.finished();
    await editor.panel.locator(".tab table tbody tr button.plain").first().click();
    await editor.panel.locator("body").evaluate(
      (body, { start, end }) =>
        new Promise<void>((resolve) => {
          const shown = (): void => {
            const [from = 0, to = 0] = (body.dataset["view"] ?? "").split(" ").map(Number);
            if (from <= start && to >= end && to - from < 8 * (end - start)) resolve();
            else requestAnimationFrame(shown);
          };
          shown();
        }),
      { start: worst?.start ?? 0, end: worst?.end ?? 0 },
    );
    await editor.drawn();
    await editor.screenshot("worst-wait");
    const row = (await stateRows(editor))[(worst?.thread ?? 1) - 1];
    assert.ok(row !== undefined);
    assert.ok((await waitPixels(editor, row)) > 200, "the worst wait is not red");
    await editor.start("control.pooltrace");
    await editor.finished();
    const rows = await stateRows(editor);
    assert.equal(rows.length, 4);
    for (const [each, row] of rows.entries()) {
      assert.equal(await waitPixels(editor, row), 0, `red in lane ${each + 1}`);
    }
    await editor.screenshot("healthy");
  },
};

export const cutAndNone: Scenario = {
  name: "a cut trace is shown up to its end, and a file that is none says so",
  files: handlers,
  async run(editor, { root }) {
    const { workspace } = editor;
    const whole = recordTrace(root, workspace, "accounts.ts", "whole.pooltrace");
    cutTrace(whole, join(workspace, "cut.pooltrace"));
    writeFileSync(join(workspace, "none.pooltrace"), "no trace at all\n");
    await editor.start("cut.pooltrace");
    await editor.finished();
    const alert = await editor.panel.getByRole("alert").innerText();
    assert.match(alert, /cut before its end.*recorded until then is shown/);
    await editor.panel.locator(".tab table tbody tr").first().waitFor();
    await editor.screenshot("cut");
    await editor.start("none.pooltrace");
    await editor.panel.locator("main.empty-page h1").waitFor();
    assert.match(await editor.panel.getByRole("alert").innerText(), /not a trace|no trace|trace/i);
    await editor.screenshot("unreadable");
  },
};

export const keysAndReload: Scenario = {
  name: "keys move the window, a click explains a slice, and a reload restores both",
  files: handlers,
  async run(editor, { root }) {
    const trace = recordTrace(root, editor.workspace, "accounts.ts", "saved.pooltrace");
    const worst = reportOf(root, trace).hotspots[0]?.worstInterval;
    await editor.start("saved.pooltrace");
    await editor.finished();
    const view = (): Promise<string> =>
      editor.panel.locator("body").evaluate((body) => body.dataset["view"] ?? "");
    const whole = await view();
    await editor.panel.locator(".tab table tbody tr button.plain").first().click();
    const timeline = await editor.panel.locator(".timeline canvas").boundingBox();
    assert.ok(timeline !== null);
    await editor.page.keyboard.down("Shift");
    await editor.page.mouse.move(timeline.x + 200, timeline.y + 60);
    await editor.page.mouse.down();
    await editor.page.mouse.move(timeline.x + 500, timeline.y + 60, { steps: 4 });
    await editor.page.mouse.up();
    await editor.page.keyboard.up("Shift");
    await editor.panel.locator(".details h2", { hasText: "Selected" }).waitFor();
    await editor.panel.locator(".details dt", { hasText: "waiting for locks" }).waitFor();
    await editor.screenshot("range");
    await editor.page.keyboard.press("Escape");
    await editor.panel.locator(".details h2", { hasText: "In view" }).waitFor();
    await editor.panel.locator(".timeline").focus();
    await editor.page.keyboard.press("?");
    await editor.panel.locator(".keys").waitFor();
    await editor.screenshot("keys");
    await editor.page.keyboard.press("Escape");
    await editor.drawn();
    const box = await editor.panel.locator(".timeline canvas").boundingBox();
    assert.ok(box !== null);
    // The worst wait was zoomed to: in its lane something is in the middle.
    const row = (await stateRows(editor))[(worst?.thread ?? 1) - 1];
    const x = box.x + 80 + (box.width - 94) / 2;
    await editor.page.mouse.click(x, box.y + (row?.top ?? 0) + 11);
    const heading = editor.panel.locator(".details h2", { hasText: /^Thread \d waited / });
    await heading.waitFor();
    const sentence = await heading.innerText();
    await editor.page.mouse.move(0, 0);
    await editor.panel.locator(".tooltip").waitFor({ state: "detached" });
    await editor.screenshot("details");
    const before = await view();
    assert.notEqual(before, whole);
    // Kept a moment after the last movement; the reload must come after that.
    await editor.panel.locator("body[data-kept=yes]").waitFor();
    await editor.command("Developer: Reload Window");
    await editor.page.locator(".monaco-workbench").waitFor();
    await editor.finished();
    await editor.panel.locator(".details h2", { hasText: sentence }).waitFor();
    assert.equal(await view(), before);
  },
};

export const contrastAndNarrow: Scenario = {
  name: "high contrast and a narrow window",
  size: { width: 760, height: 900 },
  files: handlers,
  async run(editor, { root, folder }) {
    recordTrace(root, editor.workspace, "accounts.ts", "saved.pooltrace");
    changeSettings(folder, { "workbench.colorTheme": "Default High Contrast" });
    try {
      await editor.start("saved.pooltrace");
      await editor.finished();
      await editor.panel.locator("body.vscode-high-contrast").waitFor();
      const overflow = await editor.panel
        .locator("main")
        .evaluate((main) => main.scrollWidth - document.documentElement.clientWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
      await editor.screenshot("narrow-high-contrast");
    } finally {
      changeSettings(folder, { "workbench.colorTheme": "Default Dark Modern" });
    }
  },
};
