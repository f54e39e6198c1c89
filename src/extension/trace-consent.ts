// Asks the person before anything runs that a trace holds or names and that this installation did not record. What they agreed to
// is remembered by the trace's content, for this session of the editor only; the server compares it with what it would run.

import * as vscode from "vscode";
import type { TrustQuestion } from "../protocol/trust-question.ts";
import { notificationText } from "./notification-text.ts";
import { showRecorded } from "./recorded-sources.ts";

const mostShown = 10;

export class TraceConsent {
  readonly #agreed = new Set<string>();

  /** The content that the person agrees to; undefined when they don't, or want to look first. */
  async given(question: TrustQuestion): Promise<string | undefined> {
    const { content } = question;
    if (this.#agreed.has(content)) return content;
    const run = vscode.l10n.t("Run Them");
    const look = vscode.l10n.t("Look at the Sources");
    const answer = await vscode.window.showWarningMessage(
      notificationText(question.message),
      { modal: true, detail: vscode.l10n.t("Run them only if you trust whoever made this trace.") },
      // The first is what Enter takes.
      look,
      run,
    );
    if (answer === look) await showSources(question);
    if (answer !== run) return undefined;
    this.#agreed.add(content);
    return content;
  }
}

async function showSources({ sources }: TrustQuestion): Promise<void> {
  for (const source of sources.slice(0, mostShown)) await showRecorded(source);
  if (sources.length <= mostShown) return;
  void vscode.window.showInformationMessage(
    vscode.l10n.t("The first {0} of {1} sources are shown.", mostShown, sources.length),
  );
}
