// What a person does in the editor, for scenarios: open a file, run a command, look at the panel, use the lightbulb. Every
// wait is for a condition.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";

const patience = 60_000;
/** The editor's own console is full of what is missing in this setting: only what is ours counts. */
const ours =
  /securitypolicyviolation|poolscope\.poolscope|\/dist\/(?:panel|extension|client|server)|vscode-webview:/;

export class Editor {
  readonly page: Page;
  readonly workspace: string;
  readonly #port: number;
  readonly #screenshots: string;
  readonly #errors: string[] = [];

  private constructor(page: Page, port: number, workspace: string, screenshots: string) {
    this.page = page;
    this.workspace = workspace;
    this.#port = port;
    this.#screenshots = screenshots;
  }

  static async open(
    browser: Browser,
    port: number,
    workspace: string,
    screenshots: string,
    size = { width: 1400, height: 900 },
  ): Promise<Editor> {
    const context = await browser.newContext({ viewport: size });
    await context.addInitScript(() => {
      addEventListener("securitypolicyviolation", (event) => {
        console.error(`securitypolicyviolation ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    const page = await context.newPage();
    page.setDefaultTimeout(patience);
    const editor = new Editor(page, port, workspace, screenshots);
    page.on("console", (message) => {
      const text = `${message.text()} ${message.location().url}`;
      if (message.type() === "error" && ours.test(text)) editor.#errors.push(text);
    });
    page.on("pageerror", (error) => {
      const text = `${error.message} ${error.stack ?? ""}`;
      if (ours.test(text)) editor.#errors.push(text);
    });
    return editor;
  }

  /** Opens the workspace, and this file of it by the explorer. */
  async start(file?: string): Promise<void> {
    const query = new URLSearchParams({ folder: this.workspace });
    await this.page.goto(`http://127.0.0.1:${this.#port}/?${query.toString()}`);
    await this.page.locator(".monaco-workbench").waitFor();
    await this.activityIcon.waitFor();
    if (file === undefined) return;
    // A panel that was open before is there again, and would be taken for this file's.
    if ((await this.page.locator(".tabs-container .tab").count()) > 0) await this.closeAll();
    await this.openFile(file);
  }

  async closeAll(): Promise<void> {
    await this.command("View: Close All Editors");
    await this.page.locator(".tabs-container .tab, iframe.webview").first().waitFor({
      state: "detached",
    });
  }

  /** A trace is to be the only panel then. */
  async openFile(file: string): Promise<void> {
    const row = this.page.locator(".explorer-folders-view .monaco-list-row", { hasText: file });
    // What has bytes that are no text gets a placeholder.
    const asText = this.page
      .locator(".monaco-editor-pane-placeholder")
      .or(this.page.locator(".statusbar-item", { hasText: "Plain Text" }))
      .filter({ visible: true });
    const asTrace = this.page.locator("iframe.webview.ready").filter({ visible: true });
    // Before the extension's contribution of an editor is read, which is some time after that of its icon and commands, a trace
    // opens as text; then it is closed and opened again.
    for (let attempt = 1; ; attempt++) {
      await row.first().dblclick();
      await this.tab(file).first().waitFor();
      if (!file.endsWith(".pooltrace")) return;
      await asText.or(asTrace).first().waitFor();
      if ((await asTrace.count()) > 0 || attempt === 8) return;
      await this.closeAll();
    }
  }

  get activityIcon(): Locator {
    return this.page.locator(".activitybar .action-label[aria-label*='Poolscope']").first();
  }

  tab(name: string): Locator {
    return this.page.locator(".tabs-container .tab", { hasText: name });
  }

  /** Waits until the source shows these pieces, on lines in this order. */
  async showsSource(...pieces: readonly string[]): Promise<void> {
    await this.page.waitForFunction((wanted) => {
      // The editor keeps its lines in no order: their tops tell it.
      const lines = [...document.querySelectorAll<HTMLElement>(".monaco-editor .view-line")]
        .map((line) => ({ top: line.getBoundingClientRect().top, text: line.textContent ?? "" }))
        .sort((first, second) => first.top - second.top)
        .map(({ text }) => text.replaceAll("\u00a0", " "));
      let from = 0;
      return wanted.every((piece) => {
        const at = lines.findIndex((line, index) => index >= from && line.includes(piece));
        from = at + 1;
        return at !== -1;
      });
    }, pieces);
  }

  async cursorAt(line: number): Promise<void> {
    await this.page
      .locator(".statusbar-item", { hasText: `Ln ${line},` })
      .first()
      .waitFor();
  }

  async command(title: string): Promise<void> {
    await this.#choose(["F1"], `>${title}`, title);
  }

  /** With the focus on the file's tab: a panel has keys of its own. */
  async theme(label: string, file: string): Promise<void> {
    await this.tab(file).first().click();
    await this.#choose(["Control+k", "Control+t"], label, label);
  }

  /** Opens a quick pick by keys and takes the row that it has for the text. */
  async #choose(keys: readonly string[], text: string, row: string): Promise<void> {
    // Whatever still opens or closes may take the focus away, and with it the pick: then once more.
    for (let attempt = 1; ; attempt++) {
      for (const key of keys) await this.page.keyboard.press(key);
      const input = this.page.locator(".quick-input-widget input").first();
      try {
        await input.fill(text, { timeout: 5000 });
        // By key: a row that is clicked while the list is still sorted anew is perhaps another by then.
        await this.#focusedPick(row).waitFor({ timeout: 5000 });
        return await input.press("Enter", { timeout: 5000 });
      } catch (error) {
        if (attempt === 8) throw error;
      }
    }
  }

  /** An entry of the quick pick that is open. */
  async pick(text: string, timeout = patience): Promise<void> {
    const rows = this.page.locator(".quick-input-list .monaco-list-row", { hasText: text });
    await rows.first().click({ timeout });
  }

  #focusedPick(text: string): Locator {
    return this.page.locator(".quick-input-list .monaco-list-row.focused", { hasText: text });
  }

  /** The page inside the custom editor. */
  get panel(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
  }

  /** The panel shows a run that is over, drawn without a tile missing. */
  async finished(): Promise<void> {
    await this.panel.locator("main:not(.running):not(.empty-page)").waitFor();
    await this.drawn();
  }

  /** Events were settled: the first figure is their rate. */
  async hasRun(): Promise<void> {
    const rate = await this.panel.locator(".figures dd").first().innerText();
    assert.ok(Number(rate.replaceAll(",", "")) > 0, rate);
  }

  async drawn(): Promise<void> {
    await this.panel.locator("body[data-drawn=complete]").waitFor();
  }

  /** The texts of a row of the table that is shown, by the heads of its columns. */
  async cells(row = 0): Promise<Readonly<Record<string, string>>> {
    const table = this.panel.locator(".tab table");
    const heads = await table.locator("thead th").allTextContents();
    const texts = await table.locator("tbody tr").nth(row).locator("td").allTextContents();
    return Object.fromEntries(heads.map((head, at) => [trimmed(head), trimmed(texts[at])]));
  }

  /** The cell of a row under this head. */
  async cell(head: string, row = 0): Promise<Locator> {
    const table = this.panel.locator(".tab table");
    const heads = await table.locator("thead th").allTextContents();
    const at = heads.findIndex((each) => each.trim() === head);
    return table.locator("tbody tr").nth(row).locator("td").nth(at);
  }

  squiggle(severity: "warning" | "info" = "warning"): Locator {
    return this.page.locator(`.monaco-editor .squiggly-${severity}`).first();
  }

  /**
   * In the notification centre: an editor under test shows no toasts. The centre closes by itself when its last notification
   * goes, as that of a run's progress does; what comes then is told by the bell's dot alone, and the centre opened again.
   */
  async notification(text: string): Promise<Locator> {
    const centre = this.page.locator(".notifications-center.visible");
    const found = centre.locator(".notification-list-item", { hasText: text }).first();
    const bell = this.page.locator("[id='status.notifications']");
    while (!(await found.isVisible())) {
      await centre.or(bell.locator(".codicon-bell-dot")).first().waitFor();
      if (!(await centre.isVisible())) await bell.click();
      await this.page.waitForFunction((wanted) => {
        const open = document.querySelector(".notifications-center.visible");
        return open === null || open.textContent.replaceAll("\u00a0", " ").includes(wanted);
      }, text);
    }
    return found;
  }

  async quickFix(title: string): Promise<void> {
    await this.page.keyboard.press("Control+.");
    await this.page.locator(".action-widget .monaco-list-row", { hasText: title }).first().click();
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(this.#screenshots, { recursive: true });
    await this.page.screenshot({ path: join(this.#screenshots, `${name}.png`) });
  }

  /** What a person would see who came by: for a scenario that failed. */
  async whatItShows(): Promise<string> {
    const texts = (selector: string): Promise<string[]> =>
      this.page.locator(selector).allInnerTexts();
    const main = this.panel.locator("main");
    const panel = async (): Promise<string> =>
      `${(await main.getAttribute("class", { timeout: 1000 })) ?? ""}: ${await main.innerText({ timeout: 1000 })}`;
    const shown = {
      tabs: (await texts(".tabs-container .tab")).join(" | "),
      notifications: (await texts(".notification-list-item")).join(" | "),
      picks: (await texts(".quick-input-widget:visible .monaco-list-row")).join(" | "),
      dialogs: (await texts(".monaco-dialog-box")).join(" | "),
      status: (await texts(".statusbar-item:visible")).join(" | "),
      source: (await texts(".monaco-editor .view-line")).slice(0, 12).join("\n"),
      panel: await panel().catch((error: unknown) => String(error).slice(0, 100)),
    };
    return Object.entries(shown)
      .map(([what, text]) => `    ${what}: ${text.slice(0, 800).replaceAll("\n", "\n      ")}`)
      .join("\n");
  }

  /** Fails on what the page or the editor complained of since. */
  assertNoErrors(): void {
    assert.deepEqual(this.#errors, [], "the console shows errors");
  }

  async close(): Promise<void> {
    // Leaving the page first ends the extension host gracefully; closing at once would keep it for hours.
    await this.page.goto("about:blank");
    await this.page.context().close();
  }
}

function trimmed(text: string | undefined): string {
  return (text ?? "").replaceAll(/\s+/g, " ").trim();
}
