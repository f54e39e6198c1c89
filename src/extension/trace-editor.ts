// The read-only custom editor on .pooltrace: one surface for live runs and saved traces.

import * as vscode from "vscode";
import type { HostMessage } from "../protocol/panel-messages.ts";
import { PanelLine, type Comparisons } from "./panel-line.ts";
import { pageHtml } from "./panel-page.ts";
import type { Extension } from "./state.ts";

interface OpenPanel {
  readonly path: string;
  readonly panel: vscode.WebviewPanel;
  show(start: number, end: number): void;
}

export class TraceEditor implements vscode.CustomReadonlyEditorProvider {
  readonly #extension: Extension;
  readonly #comparisons: Comparisons;
  readonly #panels = new Set<OpenPanel>();
  /** Intervals to be shown in panels that are about to open, by path. */
  readonly #wanted = new Map<string, { readonly start: number; readonly end: number }>();

  constructor(extension: Extension, comparisons: Comparisons) {
    this.#extension = extension;
    this.#comparisons = comparisons;
  }

  openCustomDocument(uri: vscode.Uri): vscode.CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor(
    { uri }: vscode.CustomDocument,
    panel: vscode.WebviewPanel,
  ): Promise<void> {
    const { webview } = panel;
    const { extensionUri } = this.#extension.context;
    const root = (folder: string): vscode.Uri => vscode.Uri.joinPath(extensionUri, folder);
    webview.options = { enableScripts: true, localResourceRoots: [root("dist"), root("media")] };
    const line = new PanelLine(this.#extension, this.#comparisons, uri, webview);
    const post = (message: HostMessage): void => void webview.postMessage(message);
    const open: OpenPanel = {
      path: uri.fsPath,
      panel,
      show: (start, end) => post({ kind: "show", start, end }),
    };
    this.#panels.add(open);
    panel.onDidDispose(() => {
      this.#panels.delete(open);
      line.dispose();
    });
    line.onReady(() => {
      const wanted = this.#wanted.get(open.path);
      this.#wanted.delete(open.path);
      if (wanted !== undefined) open.show(wanted.start, wanted.end);
    });
    webview.html = pageHtml(webview, extensionUri);
  }

  /** Brings the trace's panel to the front, opening it if need be, and zooms to the interval. */
  async show(path: string, start: number, end: number): Promise<void> {
    const open = [...this.#panels].find((panel) => panel.path === path);
    if (open !== undefined) {
      open.panel.reveal();
      open.show(start, end);
      return;
    }
    this.#wanted.set(path, { start, end });
    await vscode.commands.executeCommand("poolscope.openRun", { path });
  }
}
