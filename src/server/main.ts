// The language server: runs, traces, findings in the editor. Its main thread only passes things on; traces are read and
// analysed in threads of their own, and a person's code runs in a process of its own.

import { pathToFileURL } from "node:url";
import {
  CodeLensRefreshRequest,
  createConnection,
  DidChangeWorkspaceFoldersNotification,
  ProposedFeatures,
  TextDocuments,
  TextDocumentSyncKind,
  type CancellationToken,
  type DidChangeWorkspaceFoldersParams,
  type InitializeParams,
  type InitializeResult,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { looksLikeHandlers } from "../protocol/handler-file.ts";
import {
  serverMethods,
  type CompareAnswer,
  type CompareModelsAnswer,
  type CompareModelsParams,
  type CompareParams,
  type EventsParams,
  type NeighbourParams,
  type OpenTraceAnswer,
  type OpenTraceParams,
  type OutputParams,
  type PlaceParams,
  type ProfileAnswer,
  type ProfileParams,
  type RangeParams,
  type ServerOptions,
  type SourceParams,
  type UseModelAnswer,
  type UseModelParams,
} from "../protocol/server-messages.ts";
import type { OpenedFolders } from "../session/named-files.ts";
import { CompareSession } from "./compare-session.ts";
import { codeActionsFor } from "./code-actions.ts";
import { codeLenses } from "./code-lens.ts";
import { EditorFindings, pathOf } from "./editor-findings.ts";
import { hoverAt } from "./hover.ts";
import { OpenTrace } from "./open-trace.ts";
import { openedAfter, openedFolders } from "./opened-folders.ts";
import { latencyOf } from "./placed-findings.ts";
import { RunSession } from "./run-session.ts";
import { shown } from "./shown.ts";
import { StaticDiagnostics } from "./static/static-diagnostics.ts";
import { TilePipe } from "./tile-pipe.ts";
import { TraceRegistry } from "./trace-registry.ts";
import type { SourceQuestion, TraceQuestion } from "./trace-thread-messages.ts";
import { useModel } from "./use-model.ts";

const connection = createConnection(ProposedFeatures.all);
const documents = new TextDocuments(TextDocument);
const findings = new EditorFindings(connection, documents);
const whileTyping = new StaticDiagnostics(documents);

interface Parts {
  readonly traces: TraceRegistry;
  readonly session: RunSession;
  readonly comparison: CompareSession;
  readonly traceScript: URL;
}

let parts: Parts | undefined;
let opened: OpenedFolders = { trusted: false, folders: [] };

function assemble({ dist, pipe }: ServerOptions): Parts {
  const folder = pathToFileURL(`${dist}/`);
  const traceScript = new URL("trace-thread.cjs", folder);
  const traces = new TraceRegistry(traceScript, opened, {
    state: (trace, state) =>
      void connection.sendNotification(serverMethods.traceState, { trace, state }),
    tile: (trace, bytes) => tiles.send(trace, bytes),
  });
  const tiles = new TilePipe(pipe, ({ trace, wanted }) => traces.get(trace)?.wantTiles(wanted));
  const session = new RunSession(traces, new URL("runner.js", folder), {
    started: (trace) => void connection.sendNotification(serverMethods.started, trace),
    progress: (params) => void connection.sendNotification(serverMethods.progress, params),
    output: tellOutput,
    hangs: (trace, found) => findings.add({ trace, findings: found }),
  });
  const compareScript = new URL("compare-thread.cjs", folder);
  const comparison = new CompareSession(compareScript, new URL("runner.js", folder), {
    progress: (params) => void connection.sendNotification(serverMethods.compareProgress, params),
    output: tellOutput,
  });
  return { traces, session, comparison, traceScript };
}

function tellOutput(params: OutputParams): void {
  void connection.sendNotification(serverMethods.output, shown(params));
}

connection.onInitialize((params: InitializeParams): InitializeResult => {
  const options = params.initializationOptions as ServerOptions;
  opened = openedFolders(params, options.trusted);
  parts = assemble(options);
  findings.folderOpened(opened);
  return {
    capabilities: {
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      codeLensProvider: { resolveProvider: false },
      codeActionProvider: { codeActionKinds: ["quickfix"] },
      hoverProvider: true,
      // Pulled by the client for what is being looked at, apart from the findings of runs, which are pushed.
      diagnosticProvider: {
        identifier: "static",
        interFileDependencies: false,
        workspaceDiagnostics: false,
      },
    },
  };
});

connection.onNotification(serverMethods.trust, (trusted: boolean) => {
  folderOpened({ ...opened, trusted });
});

connection.onNotification(
  DidChangeWorkspaceFoldersNotification.type,
  ({ event }: DidChangeWorkspaceFoldersParams) => folderOpened(openedAfter(opened, event)),
);

/** What files traces may name that are read. */
function folderOpened(now: OpenedFolders): void {
  opened = now;
  findings.folderOpened(now);
  parts?.traces.folderOpened(now);
}

type Refused = Extract<ProfileAnswer, { readonly kind: "refused" }>;

function refreshLenses(): void {
  // An editor that can't be asked shows them at its next change of the text.
  connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
}

function refused(message: string, advice: string): Refused {
  return { kind: "refused", problem: { message, advice } };
}

const notReady = refused("Poolscope's server is starting.", "Try again in a moment.");

/** Why nothing of a person's code may be run now, if so. */
function reasonNotToRun(ready: Parts | undefined): Refused | undefined {
  if (!opened.trusted) {
    return refused(
      "Profiling runs the code of this workspace, and the workspace is not trusted.",
      "Trust it with the command Workspaces: Manage Workspace Trust.",
    );
  }
  if (ready?.session.isRunning === true || ready?.comparison.isRunning === true) {
    return refused("A pool is being profiled already.", "Wait for its end, or stop it.");
  }
  return undefined;
}

connection.onRequest<ProfileAnswer, void>(
  serverMethods.profile,
  async (params: ProfileParams, cancellation: CancellationToken) => {
    const reason = reasonNotToRun(parts);
    if (reason !== undefined || parts === undefined) return reason ?? notReady;
    const { session } = parts;
    cancellation.onCancellationRequested(() => session.stop());
    const result = await session.profile(params);
    if (result.findings !== undefined) {
      findings.add({ trace: params.out, findings: result.findings });
      refreshLenses();
    }
    return shown(result.answer);
  },
);

connection.onRequest<CompareAnswer, void>(
  serverMethods.compare,
  async (params: CompareParams, cancellation: CancellationToken) => {
    const reason = reasonNotToRun(parts);
    if (reason !== undefined || parts === undefined) return reason ?? notReady;
    const { comparison } = parts;
    cancellation.onCancellationRequested(() => comparison.cancel());
    return shown(await comparison.compare(params, opened.folders));
  },
);

connection.onRequest<CompareModelsAnswer, void>(
  serverMethods.compareModels,
  async (params: CompareModelsParams, cancellation: CancellationToken) => {
    const reason = reasonNotToRun(parts);
    if (reason !== undefined || parts === undefined) return reason ?? notReady;
    const { comparison } = parts;
    cancellation.onCancellationRequested(() => comparison.cancel());
    return shown(await comparison.compareModels(params, opened.folders));
  },
);

connection.onRequest<UseModelAnswer, void>(
  serverMethods.useModel,
  (params: UseModelParams): UseModelAnswer => useModel(params, openDocument),
);

connection.onRequest(serverMethods.stop, () => {
  parts?.session.stop();
  parts?.comparison.cancel();
});

connection.onRequest(serverMethods.openTrace, (params: OpenTraceParams): OpenTraceAnswer => ({
  trace: parts?.traces.open(params) ?? 0,
}));

connection.onNotification(serverMethods.closeTrace, (trace: number) => parts?.traces.close(trace));

function ask(trace: number, question: TraceQuestion | SourceQuestion): Promise<unknown> {
  return parts?.traces.get(trace)?.ask(question) ?? Promise.resolve(null);
}

connection.onRequest(serverMethods.details, ({ trace, place }: PlaceParams) =>
  ask(trace, { kind: "details", place }),
);
connection.onRequest(serverMethods.neighbour, ({ trace, place, direction }: NeighbourParams) =>
  ask(trace, { kind: "neighbour", place, direction }),
);
connection.onRequest(serverMethods.range, ({ trace, from, to }: RangeParams) =>
  ask(trace, { kind: "range", from, to }),
);
connection.onRequest(serverMethods.source, ({ trace, file }: SourceParams) =>
  ask(trace, { kind: "source", file }),
);
connection.onRequest(serverMethods.events, ({ trace, from, order }: EventsParams) =>
  ask(trace, { kind: "events", from, order }),
);

/** Findings of runs from before this session, oldest first, so that the newest of a module stands. */
connection.onNotification(serverMethods.showRuns, async (paths: readonly string[]) => {
  if (parts === undefined) return;
  for (const path of paths) {
    const start = { path, running: false, previous: undefined, cutBecause: undefined };
    const trace = new OpenTrace(parts.traceScript, { ...start, opened });
    const found = await trace.findings;
    trace.close();
    if (found !== undefined) findings.add({ trace: path, findings: found });
  }
});

connection.onNotification(serverMethods.forget, (path: string) => findings.remove(path));

documents.onDidChangeContent(({ document }) => {
  const file = pathOf(document.uri);
  if (file !== undefined && findings.at(file).length > 0) findings.refreshFile(file);
});
documents.onDidSave(({ document }) => {
  const file = pathOf(document.uri);
  if (file?.endsWith("poolscope.json") === true) configurationChanged();
  else if (file !== undefined) {
    findings.refreshFile(file);
    parts?.traces.filesChanged();
  }
});
documents.onDidClose(({ document }) => {
  const file = pathOf(document.uri);
  if (file !== undefined && findings.at(file).length > 0) findings.refreshFile(file);
});

connection.onDidChangeWatchedFiles(configurationChanged);

/** Of poolscope.json: what is to be ignored is left out of the editor and of the panels. */
function configurationChanged(): void {
  findings.refresh();
  parts?.traces.filesChanged();
}

function openDocument(file: string): TextDocument | undefined {
  return documents.all().find(({ uri }) => pathOf(uri) === file);
}

connection.onCodeLens(({ textDocument }) => {
  const document = documents.get(textDocument.uri);
  const file = pathOf(textDocument.uri);
  if (document === undefined || file === undefined) return [];
  const latency = latencyOf(findings.runs, file);
  const text = document.getText();
  if (latency.size === 0 && !looksLikeHandlers(text)) return [];
  return codeLenses(document.uri, text, latency);
});

connection.onCodeAction(({ textDocument, context }) => {
  const document = documents.get(textDocument.uri);
  const file = pathOf(textDocument.uri);
  if (document === undefined || file === undefined) return [];
  return codeActionsFor(document, context.diagnostics, {
    placed: findings.at(file),
    openDocument,
    beside: findings.beside(file),
  });
});

connection.languages.diagnostics.on((params, cancellation) => whileTyping.of(params, cancellation));

connection.onHover(({ textDocument, position }) => {
  const file = pathOf(textDocument.uri);
  return file === undefined ? undefined : hoverAt(findings.at(file), position);
});

connection.onShutdown(() => {
  parts?.session.kill();
  parts?.comparison.cancel();
});

documents.listen(connection);
connection.listen();
