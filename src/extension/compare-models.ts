// Compare Concurrency Models: the handlers of a run, as they are saved now, under each model, with that run's workload and
// budget. What comes of it is shown in the panel of that run, and kept with it.

import { basename } from "node:path";
import * as vscode from "vscode";
import type { PanelModels } from "../protocol/panel-messages.ts";
import type { ConcurrencyModelName } from "../protocol/run-configuration.ts";
import type { CompareModelsAnswer, CompareProgressParams } from "../protocol/server-messages.ts";
import {
  askedOf,
  ComparisonNotice,
  lost,
  refusedFor,
  type Concluded,
} from "./comparison-notice.ts";
import { notificationText } from "./notification-text.ts";
import { openTrace } from "./open-trace.ts";
import type { Extension } from "./state.ts";
import { offerFirstRun, traceAtHand } from "./trace-at-hand.ts";
import type { TraceConsent } from "./trace-consent.ts";

export class CompareModels {
  readonly #extension: Extension;
  readonly #changed = new vscode.EventEmitter<string>();
  /** The trace whose comparison has changed. */
  readonly onDidChange = this.#changed.event;
  /** Of this session, by trace: also of traces that are no runs of ours. */
  readonly #known = new Map<string, PanelModels>();
  readonly #notice: ComparisonNotice;

  constructor(extension: Extension, consent: TraceConsent) {
    this.#extension = extension;
    this.#notice = new ComparisonNotice(consent);
  }

  of(trace: string): PanelModels {
    const table = this.#extension.runs.find(trace)?.models;
    return this.#known.get(trace) ?? { activity: { kind: "none" }, table };
  }

  progress(params: CompareProgressParams): void {
    const { trace, done, total, text } = params;
    this.#set(trace, { kind: "running", done, total, text });
    this.#notice.progress(params);
  }

  async run(given: string | undefined): Promise<void> {
    const trace = given ?? traceAtHand(this.#extension);
    if (trace === undefined) {
      return offerFirstRun(
        vscode.l10n.t(
          "The models get the workload and the budget of a run, and there is none yet: run Profile Pool first.",
        ),
      );
    }
    await this.#extension.oneRun.whenFree(() => this.#compare(trace));
  }

  /** Opens the trace of the first round under that model. */
  async openTraceOf(trace: string, model: ConcurrencyModelName): Promise<void> {
    const row = this.of(trace).table?.rows.find((each) => each.model === model);
    if (row !== undefined) await openTrace(row.trace);
  }

  /** Writes the model into poolscope.json, where the person sees it and may undo it. */
  async use(trace: string, model: ConcurrencyModelName): Promise<void> {
    const { table } = this.of(trace);
    if (table === undefined) return;
    const client = await this.#extension.client();
    const answer = await client.useModel({ module: table.module, model });
    if (answer.kind === "refused") {
      void vscode.window.showErrorMessage(notificationText(answer.message));
      return;
    }
    const document = await vscode.workspace.openTextDocument(answer.file);
    if (answer.kind === "edit" && !(answer.made && (await document.save()))) return;
    const selection = modelIn(document);
    const viewColumn = vscode.ViewColumn.One;
    await vscode.window.showTextDocument(document, {
      viewColumn,
      ...(selection === undefined ? {} : { selection }),
    });
    const text =
      answer.kind === "edit"
        ? vscode.l10n.t("poolscope.json: the model is {0} from the next run on.", model)
        : vscode.l10n.t("poolscope.json: the model is {0} already.", model);
    const profile = vscode.l10n.t("Profile Pool");
    if ((await vscode.window.showInformationMessage(text, profile)) === profile) {
      const uri = vscode.Uri.file(table.module);
      await vscode.commands.executeCommand("poolscope.profilePool", uri);
    }
  }

  async #compare(trace: string): Promise<void> {
    // What runs is what is saved.
    if (!(await vscode.workspace.saveAll(false))) return;
    const client = await this.#extension.client();
    this.#set(trace, { kind: "running", done: 0, total: 1, text: vscode.l10n.t("starting") });
    await openTrace(trace);
    const params = askedOf(this.#extension, trace, "models");
    const title = vscode.l10n.t(
      "Comparing concurrency models on {0}",
      basename(this.#extension.runs.find(trace)?.module ?? trace),
    );
    try {
      const answer = await this.#notice.during(title, (agreed, cancel) =>
        client.compareModels({ ...params, ...agreed }, cancel),
      );
      this.#conclude(trace, answer);
    } catch (error) {
      this.#set(trace, lost(this.#extension, error));
    }
  }

  #conclude(trace: string, answer: Concluded<CompareModelsAnswer>): void {
    const { log, runs } = this.#extension;
    switch (answer.kind) {
      case "compared":
        log.info(`Compared models: ${answer.table.sentence}`);
        runs.modelsCompared(trace, answer.table);
        this.#known.set(trace, { activity: { kind: "none" }, table: answer.table });
        return this.#changed.fire(trace);
      case "refused":
        return this.#set(trace, refusedFor(this.#extension, answer.problem));
      case "cancelled":
        return this.#set(trace, { kind: "cancelled" });
      case "no-node":
        return this.#set(trace, { kind: "none" });
    }
  }

  #set(trace: string, activity: PanelModels["activity"]): void {
    this.#known.set(trace, { activity, table: this.of(trace).table });
    this.#changed.fire(trace);
  }
}

/** The line that names the model. */
function modelIn(document: vscode.TextDocument): vscode.Range | undefined {
  const at = document.getText().search(/"model"\s*:/);
  return at === -1 ? undefined : document.lineAt(document.positionAt(at)).range;
}
