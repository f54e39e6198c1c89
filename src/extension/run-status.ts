// The status bar item of a running run: its rate; a click opens the panel.

import * as vscode from "vscode";

export class RunStatus {
  readonly #item = vscode.window.createStatusBarItem(
    "poolscope.run",
    vscode.StatusBarAlignment.Left,
  );

  constructor() {
    this.#item.name = vscode.l10n.t("Poolscope Run");
  }

  start(trace: string): void {
    this.#item.command = {
      title: vscode.l10n.t("Open"),
      command: "poolscope.openRun",
      arguments: [{ path: trace }],
    };
    this.#item.tooltip = vscode.l10n.t("A pool is being profiled. Click to open its panel.");
    this.#item.text = "$(sync~spin) Poolscope";
    this.#item.show();
  }

  show(rate: number): void {
    this.#item.text = `$(sync~spin) ${Math.round(rate).toLocaleString()} events/s`;
  }

  hide(): void {
    this.#item.hide();
  }

  dispose(): void {
    this.#item.dispose();
  }
}
