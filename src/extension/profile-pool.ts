// Profile Pool: from the command to the live panel, and what is told when the run is over.

import * as vscode from "vscode";
import type { ProfileAnswer, ProgressParams } from "../protocol/server-messages.ts";
import { chooseHandlers } from "./choose-handlers.ts";
import { chooseConfiguration } from "./choose-configuration.ts";
import { chooseWorkload } from "./choose-workload.ts";
import { isConfiguration } from "./configuration-files.ts";
import { mayUseOwnNode } from "./own-node.ts";
import { notificationText } from "./notification-text.ts";
import { settings, type Extension } from "./state.ts";
import type { RunStatus } from "./run-status.ts";

export class ProfilePool {
  readonly #extension: Extension;
  readonly #status: RunStatus;
  #report: ((text: string) => void) | undefined;

  constructor(extension: Extension, status: RunStatus) {
    this.#extension = extension;
    this.#status = status;
  }

  async run(given: vscode.Uri | undefined): Promise<void> {
    await this.#extension.oneRun.whenFree(async () => {
      try {
        await this.#choose(given);
      } finally {
        this.#status.hide();
      }
    });
  }

  async #choose(given: vscode.Uri | undefined): Promise<void> {
    const document = await chooseHandlers(this.#extension, given);
    if (document === undefined) return;
    if (!(await saved(document))) return;
    const { context } = this.#extension;
    const configuration = await chooseConfiguration(context, document.uri.fsPath);
    if (configuration === undefined) return;
    const workload = await chooseWorkload(context, document, configuration["config"]);
    if (workload === undefined) return;
    await this.#profile(document.uri.fsPath, { ...configuration, ...workload });
  }

  progress({ progress }: ProgressParams): void {
    const { settled, elapsedMillis, failed } = progress;
    const rate = elapsedMillis === 0 ? 0 : (settled / elapsedMillis) * 1000;
    const failures = failed === 0 ? "" : `, ${failed} failed`;
    this.#status.show(rate);
    this.#report?.(
      `${settled.toLocaleString()} events, ${Math.round(rate).toLocaleString()}/s${failures}`,
    );
  }

  async #profile(module: string, given: Readonly<Record<string, string>>): Promise<void> {
    const { runs, handlerFiles, log } = this.#extension;
    const previous = runs.latestOf(module)?.path;
    const client = await this.#extension.client();
    const out = runs.newPath(module);
    runs.started(module, out);
    this.#status.start(out);
    log.info(`Profile Pool: ${module}`);
    await handlerFiles.wasProfiled(module);
    const params = {
      module,
      out,
      node: settings().get<string>("nodePath") || undefined,
      useOwnNode: false,
      settings: given,
      maxTraceBytes: settings().get<number>("maxTraceSize", 500) * 2 ** 20,
      previous,
    };
    const title = vscode.l10n.t("Profiling {0}", vscode.workspace.asRelativePath(module));
    const answering = vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, cancel): Promise<ProfileAnswer> => {
        this.#report = (message) => progress.report({ message });
        let result = await client.profile(params, cancel);
        if (result.kind === "no-node" && (await mayUseOwnNode())) {
          result = await client.profile({ ...params, useOwnNode: true }, cancel);
        }
        return result;
      },
    );
    try {
      this.#conclude(await answering, out);
    } catch (error) {
      // The server died meanwhile, which the person is told where its death is seen; the trace keeps what had come.
      const why = error instanceof Error ? error.message : String(error);
      runs.ended(out, undefined, "the Poolscope server stopped");
      log.error(`The run was lost: ${why}`);
    } finally {
      this.#report = undefined;
    }
  }

  #conclude(answer: ProfileAnswer, out: string): void {
    const { runs, log } = this.#extension;
    switch (answer.kind) {
      case "ended":
        log.info(`The run is over: ${answer.reason}. ${answer.message}`);
        return runs.ended(out, answer.summary);
      case "cut":
        runs.ended(out, answer.summary, answer.why);
        log.error(`The run was cut: ${answer.why}`);
        void this.#tellCut(answer.why);
        return;
      case "no-node":
        return runs.forget(out);
      case "refused": {
        // A run that never began leaves no entry.
        runs.forget(out);
        const { message, file, line, column, advice } = answer.problem;
        const place = file === undefined ? "" : vscode.workspace.asRelativePath(file);
        const at = line === undefined ? place : `${place}:${line}:${column ?? 1}`;
        const text = [at === "" ? message : `${at}: ${message}`, advice].filter(Boolean).join(" ");
        log.error(text);
        void this.#tellRefused(notificationText(text), file, line, column);
      }
    }
  }

  async #tellCut(why: string): Promise<void> {
    const show = vscode.l10n.t("Show Output");
    const text = vscode.l10n.t(
      "The run was cut: {0}. What was recorded is kept.",
      notificationText(why),
    );
    if ((await vscode.window.showErrorMessage(text, show)) === show) this.#extension.log.show();
  }

  async #tellRefused(
    text: string,
    file: string | undefined,
    line: number | undefined,
    column: number | undefined,
  ): Promise<void> {
    if (file === undefined || line === undefined) {
      void vscode.window.showErrorMessage(text);
      return;
    }
    const open = vscode.l10n.t("Open");
    if ((await vscode.window.showErrorMessage(text, open)) !== open) return;
    const position = new vscode.Position(line - 1, (column ?? 1) - 1);
    const selection = new vscode.Range(position, position);
    await vscode.window.showTextDocument(vscode.Uri.file(file), { selection });
  }
}

/** A run reads the module and its poolscope.json from the disk: what the person sees is what is to run. */
async function saved(module: vscode.TextDocument): Promise<boolean> {
  const read = vscode.workspace.textDocuments.filter(
    (document) => document === module || isConfiguration(document.fileName),
  );
  for (const document of read) if (document.isDirty && !(await document.save())) return false;
  return true;
}
