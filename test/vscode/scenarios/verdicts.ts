// What the panel says of causes and of changes: a deadlock, and comparisons of two versions.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Editor } from "../editor.ts";
import type { Scenario } from "./scenario.ts";

const crossed = `const spin = (turns) => {
  let hash = 1;
  for (let i = 0; i < turns; i++) hash = Math.imul(hash ^ i, 0x01000193);
  return hash;
};

const both = (one, other) => async (event, ctx) => {
  const first = await ctx.mutex(one).acquireAsync();
  spin(2_000_000);
  const second = await ctx.mutex(other).acquireAsync();
  second.release();
  first.release();
  return true;
};

export const there = both("north", "south");
export const back = both("south", "north");

export function* workload() {
  for (let count = 0; ; count++) yield { type: count % 2 === 0 ? "there" : "back", payload: {} };
}
`;

export const deadlocked: Scenario = {
  name: "a deadlock is told with held and wanted lines, and the run that hangs is ended",
  files: () => ({ "crossed.js": crossed, "poolscope.json": '{ "duration": 100 }' }),
  async run(editor) {
    await editor.start("crossed.js");
    await editor.command("Profile Pool");
    const sentence = editor.panel.locator(".headline .sentence", { hasText: "Deadlock" });
    // Told while it hangs, which may be shorter than the panel takes to open. Nobody stops it: a run that hangs is ended, long
    // before its duration, and still says so.
    await sentence.waitFor();
    await editor.finished();
    assert.match(
      await sentence.innerText(),
      /waits for .*crossed\.js:10.*held by thread \d.*crossed\.js:8/,
    );
    await editor.panel.getByRole("tab", { name: "Findings" }).click();
    await editor.panel.locator(".findings .rule", { hasText: "deadlock" }).first().waitFor();
    await editor.screenshot("deadlock");
  },
};

/**
 * Phases 0 and 1 are slow in every second of their starts, and they are so in turn: of their pairs one half says faster, the
 * other half slower, whatever the machine does. Nobody could tell which is better. Phase 2 does next to nothing.
 */
const fickle = (folder: string): string => `const phase = 0;
import { mkdirSync, readdirSync } from "node:fs";

/** Counted when an event is handled: the older version is loaded in both processes, for its workload. */
function turnsOfThisStart() {
  const starts = ${JSON.stringify(folder)} + "/starts-" + phase;
  mkdirSync(starts + "/" + process.pid, { recursive: true });
  const before = readdirSync(starts).filter((name) => name !== String(process.pid)).length;
  return phase === 2 ? 1_000 : before % 2 === phase ? 60_000 : 240_000;
}

let turns;

export default (event) => {
  turns ??= turnsOfThisStart();
  let hash = 1;
  for (let i = 0; i < turns; i++) hash = Math.imul(hash ^ i, 0x01000193);
  return hash === 0;
};

export function* workload() {
  for (let count = 0; count < 1000; count++) yield { payload: { count } };
}
`;

const noiseFolder = (): string => mkdtempSync(join(tmpdir(), "poolscope-fickle-"));

export function compared(): Scenario {
  const folder = noiseFolder();
  return {
    name: "a change that noise may explain could not be told, and one that helps is faster",
    files: () => ({ "fickle.js": fickle(folder) }),
    async run(editor) {
      try {
        await editor.start("fickle.js");
        await editor.command("Profile Pool");
        await editor.finished();
        // Both versions begin to count anew.
        rmSync(join(folder, "starts-0"), { recursive: true });
        await changePhase(editor, 0, 1);
        // The panel sees that what ran is not what stands there any more.
        await editor.panel.getByText("fickle.js has changed since this run").waitFor();
        await editor.panel.getByRole("button", { name: "Profile Again and Compare" }).click();
        await editor.panel.locator(".compared progress").waitFor();
        await editor.screenshot("comparing");
        const told = editor.panel.locator(".compared[data-verdict=could-not-tell] .sentence");
        await told.waitFor({ timeout: comparisonMillis });
        await editor.screenshot("could-not-tell");
        assert.match(await told.innerText(), /would have been seen/);
        await changePhase(editor, 1, 2);
        await editor.panel.getByRole("button", { name: "Compare Again" }).click();
        const faster = editor.panel.locator(".compared[data-verdict=faster]");
        await faster.waitFor({ timeout: comparisonMillis });
        await editor.screenshot("faster");
        assert.ok((await faster.locator("td.change.better").count()) > 0);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

async function changePhase(editor: Editor, from: number, to: number): Promise<void> {
  await editor.tab("fickle.js").first().click();
  await editor.showsSource(`const phase = ${from};`);
  await editor.page.keyboard.press("Control+Home");
  await editor.page.keyboard.press("End");
  await editor.page.keyboard.press("ArrowLeft");
  await editor.page.keyboard.press("Backspace");
  await editor.page.keyboard.type(String(to));
  await editor.showsSource(`const phase = ${to};`);
  await editor.page.keyboard.press("Control+s");
}

/** Dozens of processes are started one after the other. */
export const comparisonMillis = 240_000;
