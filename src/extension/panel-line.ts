// What one panel's page and the server say to each other, through the extension; each message of the page is checked first.

import * as vscode from "vscode";
import {
  checkPageMessage,
  type HostMessage,
  type PageMessage,
} from "../protocol/panel-messages.ts";
import type { FindingRow, PanelState } from "../protocol/panel-state.ts";
import type { SourceAnswer } from "../protocol/server-messages.ts";
import type { Client } from "./client.ts";
import type { CompareModels } from "./compare-models.ts";
import type { CompareVersions } from "./compare-versions.ts";
import { explainFinding } from "./explain-finding.ts";
import { ignoreFinding } from "./ignore-finding.ts";
import { openSource, type SourcePlace } from "./open-source.ts";
import { openTrace } from "./open-trace.ts";
import type { Extension } from "./state.ts";

/** What a panel shows beside its trace. */
export interface Comparisons {
  readonly versions: CompareVersions;
  readonly models: CompareModels;
}

export class PanelLine {
  readonly #extension: Extension;
  readonly #uri: vscode.Uri;
  readonly #webview: vscode.Webview;
  readonly #onReady = new vscode.EventEmitter<void>();
  readonly onReady = this.#onReady.event;
  readonly #comparisons: Comparisons;
  readonly #listening: readonly vscode.Disposable[];
  #client: Client | undefined;
  #trace: number | undefined;
  #state: PanelState | undefined;
  #disposed = false;

  constructor(
    extension: Extension,
    comparisons: Comparisons,
    uri: vscode.Uri,
    webview: vscode.Webview,
  ) {
    this.#extension = extension;
    this.#comparisons = comparisons;
    this.#listening = [
      comparisons.versions.onDidChange((trace) => {
        if (trace === uri.fsPath) this.#showComparison();
      }),
      comparisons.models.onDidChange((trace) => {
        if (trace === uri.fsPath) this.#showModels();
      }),
    ];
    this.#uri = uri;
    this.#webview = webview;
    webview.onDidReceiveMessage((value: unknown) => {
      const message = checkPageMessage(value);
      if (message === undefined) extension.log.warn("The panel sent a message that is none.");
      else void this.#heard(message).catch((error: unknown) => this.#unanswered(error));
    });
  }

  dispose(): void {
    this.#disposed = true;
    for (const each of this.#listening) each.dispose();
    if (this.#trace !== undefined) this.#client?.closeTrace(this.#trace);
  }

  async #heard(message: PageMessage): Promise<void> {
    const { versions, models } = this.#comparisons;
    switch (message.kind) {
      case "ready":
        return this.#open();
      case "open":
        return this.#openSource(message);
      case "stop":
        return this.#client?.stop();
      case "profile-again":
        return this.#profileAgain();
      case "compare":
        return versions.run(this.#uri.fsPath);
      case "compare-models":
        return models.run(this.#uri.fsPath);
      case "open-model":
        return models.openTraceOf(this.#uri.fsPath, message.model);
      case "use-model":
        return models.use(this.#uri.fsPath, message.model);
      case "open-version":
        return this.#openVersion(message.version);
      case "fix":
        return this.#fix(message.identity);
      case "explain":
        return this.#explain(message.identity);
      case "ignore":
        return this.#ignore(message.identity);
      case "show-output":
        return this.#extension.log.show();
      default:
        return this.#ask(message);
    }
  }

  /** The page may ask until it is told that the server is gone. */
  #unanswered(error: unknown): void {
    if (this.#client?.isGone !== true) throw error;
    this.#extension.log.debug(`The server stopped before it could answer: ${String(error)}`);
  }

  async #open(): Promise<void> {
    if (this.#state !== undefined) this.#post({ kind: "state", state: this.#state });
    this.#showComparison();
    this.#showModels();
    if (this.#trace !== undefined) return;
    if (this.#uri.scheme !== "file") {
      const message = vscode.l10n.t(
        "This trace has no path on disk ({0}:). Save it to a folder and open it from there.",
        this.#uri.scheme,
      );
      return this.#post({ kind: "gone", message });
    }
    const path = this.#uri.fsPath;
    const client = await this.#extension.client();
    if (this.#disposed) return;
    this.#client = client;
    const { runs } = this.#extension;
    const previous = runs.previousOf(path)?.path;
    const cutBecause = runs.find(path)?.cutBecause;
    this.#trace = await client.openTrace(
      { path, previous, cutBecause },
      {
        state: (state) => {
          const isFirst = this.#state === undefined;
          this.#state = state;
          this.#post({ kind: "state", state });
          if (isFirst) this.#onReady.fire();
        },
        // A hidden page gets nothing; it asks again when it is shown.
        tile: (bytes) => this.#post({ kind: "tile", bytes }),
        gone: (message) => this.#post({ kind: "gone", message }),
      },
    );
    if (this.#disposed) client.closeTrace(this.#trace);
  }

  async #ask(
    message: Extract<PageMessage, { kind: "tiles" | "details" | "neighbour" | "range" | "events" }>,
  ): Promise<void> {
    const [client, trace] = [this.#client, this.#trace];
    if (client === undefined || trace === undefined) return;
    switch (message.kind) {
      case "tiles":
        return client.wantTiles(trace, message.wanted);
      case "details":
      case "neighbour": {
        const { request, place } = message;
        const answer =
          message.kind === "details"
            ? await client.details(trace, place)
            : await client.neighbour(trace, place, message.direction);
        return this.#post({ kind: "details", request, details: answer ?? undefined });
      }
      case "range": {
        const { request, from, to } = message;
        const figures = await client.range(trace, from, to);
        return this.#post({ kind: "range", request, figures });
      }
      case "events": {
        const { request, from, order } = message;
        const page = await client.events(trace, from, order);
        return this.#post({ kind: "events", request, page });
      }
    }
  }

  #post(message: HostMessage): void {
    if (!this.#disposed) void this.#webview.postMessage(message);
  }

  async #profileAgain(): Promise<void> {
    const module = this.#extension.runs.find(this.#uri.fsPath)?.module;
    const uri = module === undefined ? undefined : vscode.Uri.file(module);
    await vscode.commands.executeCommand("poolscope.profilePool", uri);
  }

  #showComparison(): void {
    const comparison = this.#comparisons.versions.of(this.#uri.fsPath);
    this.#post({ kind: "comparison", comparison });
  }

  #showModels(): void {
    this.#post({ kind: "models", models: this.#comparisons.models.of(this.#uri.fsPath) });
  }

  async #openVersion(version: "before" | "after"): Promise<void> {
    const comparison = this.#comparisons.versions.of(this.#uri.fsPath);
    if (comparison.kind === "compared") await openTrace(comparison.result[version].trace);
  }

  #findingOf(identity: string): FindingRow | undefined {
    return this.#state?.findings.find((each) => each.identity === identity);
  }

  async #explain(identity: string): Promise<void> {
    const finding = this.#findingOf(identity);
    if (finding !== undefined) await explainFinding(this.#extension.context, finding.page);
  }

  async #ignore(identity: string): Promise<void> {
    const { runs } = this.#extension;
    const module = runs.find(this.#uri.fsPath)?.module;
    const finding = this.#findingOf(identity);
    const file = module ?? (finding?.site && (await this.#fileOf(finding.site.file)));
    if (file !== undefined) await ignoreFinding(vscode.Uri.file(file).toString(), identity);
  }

  async #openSource(place: SourcePlace): Promise<void> {
    const found = await this.#sourceOf(place.file);
    if (found !== undefined) await openSource(place, found);
  }

  /** The file that a name of the trace stands for, if it may be read. */
  async #fileOf(name: string): Promise<string | undefined> {
    const found = await this.#sourceOf(name);
    return found?.kind === "file" ? found.path : undefined;
  }

  async #sourceOf(name: string): Promise<SourceAnswer | undefined> {
    const [client, trace] = [this.#client, this.#trace];
    if (client === undefined || trace === undefined) return undefined;
    return (await client.source(trace, name)) ?? undefined;
  }

  /** Opens the finding's line with the menu of its fixes: the person chooses and sees what changes. */
  async #fix(identity: string): Promise<void> {
    const finding = this.#findingOf(identity);
    if (finding?.site === undefined) return;
    await this.#openSource(finding.site);
    await vscode.commands.executeCommand("editor.action.quickFix");
  }
}
