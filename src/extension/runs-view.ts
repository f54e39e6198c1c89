// The view "Runs": newest first, a line each; opening one opens its trace.

import * as vscode from "vscode";
import type { RunStore, StoredRun } from "./run-store.ts";

export class RunsView implements vscode.TreeDataProvider<StoredRun> {
  readonly #runs: RunStore;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;

  constructor(runs: RunStore) {
    this.#runs = runs;
    runs.onDidChange(() => this.#changed.fire());
  }

  getChildren(run?: StoredRun): StoredRun[] {
    return run === undefined ? [...this.#runs.all] : [];
  }

  getTreeItem({ path, module, name, summary, at }: StoredRun): vscode.TreeItem {
    const file = module.slice(Math.max(module.lastIndexOf("/"), module.lastIndexOf("\\")) + 1);
    const item = new vscode.TreeItem(name ?? `${file}, ${timeOf(at)}`);
    const figures = summary === undefined ? [] : [summary.throughput, summary.p99, summary.worst];
    item.id = path;
    item.description = figures.join(" · ");
    item.tooltip = [name, module, new Date(at).toLocaleString(), ...figures, summary?.ended]
      .filter((line) => line !== undefined)
      .join("\n");
    item.contextValue = "run";
    item.iconPath = new vscode.ThemeIcon("pulse");
    item.command = {
      title: vscode.l10n.t("Open"),
      command: "poolscope.openRun",
      arguments: [{ path }],
    };
    return item;
  }
}

function timeOf(at: string): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = date.toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
  return isToday ? time : `${date.toLocaleDateString()} ${time}`;
}
