// Profile Again and Compare: the version that a trace recorded against its module as it is saved now. What comes of it is
// shown in the panel of that trace, and kept with its run.

import { basename } from "node:path";
import * as vscode from "vscode";
import type { PanelComparison } from "../protocol/panel-messages.ts";
import type { CompareAnswer, CompareProgressParams } from "../protocol/server-messages.ts";
import {
  askedOf,
  ComparisonNotice,
  lost,
  refusedFor,
  type Concluded,
} from "./comparison-notice.ts";
import { openTrace } from "./open-trace.ts";
import type { Extension } from "./state.ts";
import { offerFirstRun, traceAtHand } from "./trace-at-hand.ts";
import type { TraceConsent } from "./trace-consent.ts";

export class CompareVersions {
  readonly #extension: Extension;
  readonly #changed = new vscode.EventEmitter<string>();
  /** The trace whose comparison has changed. */
  readonly onDidChange = this.#changed.event;
  /** Of this session, by trace: also of traces that are no runs of ours. */
  readonly #comparisons = new Map<string, PanelComparison>();
  readonly #notice: ComparisonNotice;

  constructor(extension: Extension, consent: TraceConsent) {
    this.#extension = extension;
    this.#notice = new ComparisonNotice(consent);
  }

  of(trace: string): PanelComparison {
    const result = this.#extension.runs.find(trace)?.comparison;
    const kept: PanelComparison =
      result === undefined ? { kind: "none" } : { kind: "compared", result };
    return this.#comparisons.get(trace) ?? kept;
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
          "Nothing to compare with yet: run Profile Pool first, change the handlers, then compare.",
        ),
      );
    }
    await this.#extension.oneRun.whenFree(() => this.#compare(trace));
  }

  async #compare(trace: string): Promise<void> {
    // What runs is what is saved.
    if (!(await vscode.workspace.saveAll(false))) return;
    const client = await this.#extension.client();
    await openTrace(trace);
    const params = { ...askedOf(this.#extension, trace, "compared"), metric: undefined };
    this.#set(trace, { kind: "running", done: 0, total: 1, text: vscode.l10n.t("starting") });
    const title = vscode.l10n.t("Comparing versions of {0}", this.#nameOf(trace));
    try {
      const answer = await this.#notice.during(title, (agreed, cancel) =>
        client.compare({ ...params, ...agreed }, cancel),
      );
      this.#conclude(trace, answer);
    } catch (error) {
      this.#set(trace, lost(this.#extension, error));
    }
  }

  #conclude(trace: string, answer: Concluded<CompareAnswer>): void {
    const { log } = this.#extension;
    switch (answer.kind) {
      case "compared":
        log.info(`Compared: ${answer.result.sentence}`);
        this.#extension.runs.compared(trace, answer.result);
        return this.#set(trace, { kind: "compared", result: answer.result });
      case "refused":
        return this.#set(trace, refusedFor(this.#extension, answer.problem));
      case "no-node":
      case "cancelled":
        this.#comparisons.delete(trace);
        return this.#changed.fire(trace);
    }
  }

  #nameOf(trace: string): string {
    const module = this.#extension.runs.find(trace)?.module;
    return basename(module ?? trace);
  }

  #set(trace: string, comparison: PanelComparison): void {
    this.#comparisons.set(trace, comparison);
    this.#changed.fire(trace);
  }
}

/** After an edit of ours: whether it helped is what a person wants to know next. */
export async function offerCompare(trace: string, uri: string): Promise<void> {
  const compare = vscode.l10n.t("Profile Again and Compare");
  const name = basename(vscode.Uri.parse(uri).fsPath);
  const text = vscode.l10n.t("{0} was changed. Does it help?", name);
  if ((await vscode.window.showInformationMessage(text, compare)) === compare) {
    await vscode.commands.executeCommand("poolscope.compare", trace);
  }
}
