// Activation: registers what a person may meet, and loads the language client only when a handler file is seen or a command
// needs it.

import * as vscode from "vscode";
import type { FindingData } from "../protocol/finding-data.ts";
import type { OutputParams } from "../protocol/server-messages.ts";
import type { Client, ClientListener } from "./client.ts";
import { CompareModels } from "./compare-models.ts";
import { CompareVersions, offerCompare } from "./compare-versions.ts";
import { openExample } from "./example.ts";
import { explainFinding } from "./explain-finding.ts";
import { HandlerFiles } from "./handler-files.ts";
import { ignoreFinding } from "./ignore-finding.ts";
import { OneRun } from "./one-run.ts";
import type { Comparisons } from "./panel-line.ts";
import { ProfilePool } from "./profile-pool.ts";
import { openTrace, traceViewType } from "./open-trace.ts";
import { recordedSources } from "./recorded-sources.ts";
import { runCommands } from "./run-commands.ts";
import { RunStatus } from "./run-status.ts";
import { RunStore } from "./run-store.ts";
import { RunsView } from "./runs-view.ts";
import type { Extension } from "./state.ts";
import { TraceConsent } from "./trace-consent.ts";
import { TraceEditor } from "./trace-editor.ts";

export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("Poolscope", { log: true });
  const handlerFiles = new HandlerFiles(context);
  const runs = new RunStore(context);
  const status = new RunStatus();
  const holder = new ClientHolder(context, runs, {
    // A panel opens only once there is something to be seen.
    started: (trace) => void openTrace(trace),
    progress: (params) => profile.progress(params),
    compareProgress: (params) => comparisons[params.of].progress(params),
    output: (params) => writeOutput(log, params),
    died: () => tellDeath(log),
  });
  const extension: Extension = {
    context,
    log,
    handlerFiles,
    runs,
    oneRun: new OneRun(),
    client: () => holder.get(),
    runningClient: () => holder.running,
  };
  const profile = new ProfilePool(extension, status);
  const consent = new TraceConsent();
  const comparisons = {
    versions: new CompareVersions(extension, consent),
    models: new CompareModels(extension, consent),
  };
  const editor = new TraceEditor(extension, comparisons);
  context.subscriptions.push(
    log,
    status,
    holder,
    recordedSources(),
    vscode.window.registerTreeDataProvider("poolscope.runs", new RunsView(runs)),
    vscode.window.registerCustomEditorProvider(traceViewType, editor),
    ...registerCommands(extension, { profile, comparisons, editor }),
    ...watchHandlerFiles(extension),
    vscode.workspace.onDidGrantWorkspaceTrust(() => holder.running?.trust()),
  );
}

export function deactivate(): void {
  // What was registered is disposed with the context, the server with the client.
}

interface Doers {
  readonly profile: ProfilePool;
  readonly comparisons: Comparisons;
  readonly editor: TraceEditor;
}

function registerCommands(
  extension: Extension,
  { profile, comparisons, editor }: Doers,
): vscode.Disposable[] {
  const { context, runs, log } = extension;
  const commands: Readonly<Record<string, (...given: never[]) => unknown>> = {
    "poolscope.profilePool": (uri?: vscode.Uri | string) =>
      profile.run(typeof uri === "string" ? vscode.Uri.parse(uri) : uri),
    "poolscope.compare": (trace?: string) =>
      comparisons.versions.run(typeof trace === "string" ? trace : undefined),
    "poolscope.compareModels": (trace?: string) =>
      comparisons.models.run(typeof trace === "string" ? trace : undefined),
    "poolscope.offerCompare": offerCompare,
    "poolscope.stop": async () => extension.runningClient()?.stop(),
    "poolscope.openLatest": async (uri: string) => {
      const run = runs.latestOf(vscode.Uri.parse(uri).fsPath);
      if (run !== undefined) await openTrace(run.path);
    },
    "poolscope.showInTimeline": ({ trace, start, end }: FindingData) =>
      editor.show(trace, start, end),
    "poolscope.explain": (page: string) => explainFinding(context, page),
    "poolscope.ignore": ignoreFinding,
    "poolscope.openExample": () => openExample(context),
    "poolscope.profileExample": async () => profile.run(await openExample(context)),
    "poolscope.showOutput": () => log.show(),
    ...runCommands(extension),
  };
  return Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(name, run as (...given: unknown[]) => unknown),
  );
}

function watchHandlerFiles(extension: Extension): vscode.Disposable[] {
  const { handlerFiles } = extension;
  const look = (document: vscode.TextDocument | undefined): void => {
    const isOne = document !== undefined && handlerFiles.isHandlerFile(document);
    void vscode.commands.executeCommand("setContext", "poolscope.isHandlerFile", isOne);
    if (isOne) void extension.client();
  };
  const lookAtActive = (): void => look(vscode.window.activeTextEditor?.document);
  lookAtActive();
  void handlerFiles.search().then(lookAtActive);
  return [
    vscode.window.onDidChangeActiveTextEditor((editor) => look(editor?.document)),
    vscode.workspace.onDidSaveTextDocument((document) => {
      if (document === vscode.window.activeTextEditor?.document) look(document);
    }),
  ];
}

function writeOutput(
  log: vscode.LogOutputChannel,
  { thread, stream, level = stream === "stderr" ? "error" : "info", text }: OutputParams,
): void {
  log[level](thread === "" ? text : `[${thread}] ${text}`);
}

function tellDeath(log: vscode.LogOutputChannel): void {
  const show = vscode.l10n.t("Show Output");
  const text = vscode.l10n.t(
    "The Poolscope server has stopped. What was recorded is kept; the next Profile Pool starts it again.",
  );
  void vscode.window.showErrorMessage(text, show).then((answer) => {
    if (answer === show) log.show();
  });
}

/** Starts the client when it is first wanted, once, and again after the server's death. */
class ClientHolder implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #runs: RunStore;
  readonly #listener: ClientListener;
  #starting: Promise<Client> | undefined;
  #running: Client | undefined;

  constructor(context: vscode.ExtensionContext, runs: RunStore, listener: ClientListener) {
    this.#context = context;
    this.#runs = runs;
    this.#listener = {
      ...listener,
      died: () => {
        this.#starting = undefined;
        this.#running = undefined;
        listener.died();
      },
    };
  }

  get running(): Client | undefined {
    return this.#running;
  }

  get(): Promise<Client> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  dispose(): void {
    void this.#running?.dispose();
  }

  async #start(): Promise<Client> {
    const { Client } = await import("./client.ts");
    try {
      this.#running = await Client.start(this.#context, this.#listener);
      this.#running.showRuns(this.#runs.latestOfEach());
      return this.#running;
    } catch (error) {
      this.#starting = undefined;
      throw error;
    }
  }
}
