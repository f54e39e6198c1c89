// The main way: profile, see the hotspot, jump to its line, apply the fix, profile again, see what became of the wait.

import assert from "node:assert/strict";
import { bankTransfers, lineOf, type Scenario } from "./scenario.ts";
import { comparisonMillis } from "./verdicts.ts";

export const profileToFix: Scenario = {
  name: "bank-transfers: profile, hotspot, fix at the line, profile again and compare",
  // It runs until it has been seen running and is stopped, however fast the machine or slow the editor.
  files: (root) => {
    const text = bankTransfers(root)["accounts.ts"] ?? "";
    assert.ok(text.includes("events = 20_000"));
    return {
      "accounts.ts": text.replace("events = 20_000", "events = 20_000_000"),
      "poolscope.json": '{ "duration": 300 }',
    };
  },
  async run(editor, { root }) {
    await editor.start("accounts.ts");
    await editor.command("Profile Pool");
    await editor.panel.locator("main.running .tab table tbody tr").first().waitFor();
    await editor.panel.locator("main.running .headline", { hasText: "ledger" }).waitFor();
    await editor.screenshot("running-dark");
    await editor.panel.getByRole("button", { name: "Stop" }).click();
    await editor.finished();
    await editor.screenshot("finished-dark");
    const cells = await editor.cells();
    const text = bankTransfers(root)["accounts.ts"] ?? "";
    const line = lineOf(text, 'ctx.mutex("ledger").acquire()');
    assert.equal(cells["Lock"], "ledger");
    assert.equal(cells["Held at"], `accounts.ts:${line}`);
    await (await editor.cell("Held at")).locator("button.link").click();
    await editor.cursorAt(line);
    await editor.squiggle().waitFor();
    assert.equal(await editor.page.locator(".monaco-editor .squiggly-warning").count(), 1);
    await editor.screenshot("at-the-line");
    await editor.quickFix("Move auditChecksum() out of the lock");
    await editor.showsSource(
      "const checksum = auditChecksum",
      '.mutex("ledger").acquire()',
      "try {",
    );
    await editor.screenshot("fixed");
    // What to do next is offered once the edit is made.
    const offer = await editor.notification("accounts.ts was changed. Does it help?");
    await offer.getByRole("button", { name: "Profile Again and Compare" }).press("Enter");
    const result = editor.panel.locator(".compared[data-verdict]");
    await result.waitFor({ timeout: comparisonMillis });
    await editor.screenshot("compared");
    // How much of that is seen in the throughput depends on the machine's processors.
    const verdict = (await result.getAttribute("data-verdict")) ?? "";
    assert.ok(["faster", "could-not-tell", "no-difference"].includes(verdict), verdict);
    const row = result.locator("tr", { hasText: /lock "?ledger/ });
    const [before = 0, after = 100] = (await row.locator("td.number").allInnerTexts()).map((text) =>
      Number.parseFloat(text),
    );
    assert.ok(after < before / 2, await row.innerText());
  },
};
