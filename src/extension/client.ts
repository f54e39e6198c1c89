// The language client and the pipe for tiles: the extension's line to the server. A bundle of its own, since it is large and
// most windows never need it.

import { randomUUID } from "node:crypto";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  TransportKind,
  type LanguageClientOptions,
  type WorkspaceEdit,
} from "vscode-languageclient/node";
import { frame, FrameReader } from "../protocol/frames.ts";
import type { TileName } from "../protocol/panel-messages.ts";
import type { EventOrder, PanelState } from "../protocol/panel-state.ts";
import {
  serverMethods,
  type CompareAnswer,
  type CompareModelsAnswer,
  type CompareModelsParams,
  type CompareParams,
  type CompareProgressParams,
  type DetailsAnswer,
  type EventsAnswer,
  type OpenTraceAnswer,
  type OpenTraceParams,
  type OutputParams,
  type ProfileAnswer,
  type ProfileParams,
  type ProgressParams,
  type RangeAnswer,
  type ServerOptions,
  type SourceAnswer,
  type TraceStateParams,
  type UseModelAnswer,
  type UseModelParams,
} from "../protocol/server-messages.ts";
import type { SlicePlace } from "../protocol/timeline.ts";

export interface TraceListener {
  state(state: PanelState): void;
  tile(bytes: Uint8Array): void;
  /** The server has died; nothing comes any more. */
  gone(message: string): void;
}

export interface ClientListener {
  /** A run goes, and writes this trace. */
  started(trace: string): void;
  progress(params: ProgressParams): void;
  compareProgress(params: CompareProgressParams): void;
  output(params: OutputParams): void;
  died(): void;
}

export class Client {
  readonly #client: LanguageClient;
  readonly #pipe: string;
  readonly #listener: ClientListener;
  readonly #traces = new Map<number, TraceListener>();
  /** States that came before the answer that names their trace. */
  readonly #early = new Map<number, PanelState>();
  #socket: Socket | undefined;
  #stopping = false;

  private constructor(context: vscode.ExtensionContext, listener: ClientListener) {
    this.#listener = listener;
    const name = `poolscope-${randomUUID()}`;
    this.#pipe =
      process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
    const dist = context.asAbsolutePath("dist");
    const options: ServerOptions = {
      trusted: vscode.workspace.isTrusted,
      dist,
      pipe: this.#pipe,
    };
    const module = join(dist, "server.cjs");
    this.#client = new LanguageClient(
      "poolscope",
      "Poolscope",
      { module, transport: TransportKind.ipc },
      this.#options(options),
    );
  }

  static async start(context: vscode.ExtensionContext, listener: ClientListener): Promise<Client> {
    const client = new Client(context, listener);
    client.#listen();
    await client.#client.start();
    await client.#connect();
    return client;
  }

  /** The server has stopped: what it was asked has no answer, and its traces' listeners know. */
  get isGone(): boolean {
    return this.#stopping || !this.#client.isRunning();
  }

  profile(params: ProfileParams, cancel: vscode.CancellationToken): Promise<ProfileAnswer> {
    return this.#client.sendRequest<ProfileAnswer>(serverMethods.profile, params, cancel);
  }

  compare(params: CompareParams, cancel: vscode.CancellationToken): Promise<CompareAnswer> {
    return this.#client.sendRequest<CompareAnswer>(serverMethods.compare, params, cancel);
  }

  compareModels(
    params: CompareModelsParams,
    cancel: vscode.CancellationToken,
  ): Promise<CompareModelsAnswer> {
    return this.#client.sendRequest<CompareModelsAnswer>(
      serverMethods.compareModels,
      params,
      cancel,
    );
  }

  /** Makes the edit that the server answers with. False when the editor refused to make it. */
  async useModel(params: UseModelParams): Promise<UseModelAnswer & { readonly made: boolean }> {
    const answer = await this.#client.sendRequest<UseModelAnswer>(serverMethods.useModel, params);
    if (answer.kind !== "edit") return { ...answer, made: false };
    const { protocol2CodeConverter } = this.#client;
    const edit = await protocol2CodeConverter.asWorkspaceEdit(answer.edit as WorkspaceEdit);
    return { ...answer, made: await vscode.workspace.applyEdit(edit) };
  }

  async stop(): Promise<void> {
    await this.#client.sendRequest(serverMethods.stop);
  }

  trust(): void {
    void this.#client.sendNotification(serverMethods.trust, true);
  }

  showRuns(paths: readonly string[]): void {
    void this.#client.sendNotification(serverMethods.showRuns, [...paths]);
  }

  forget(path: string): void {
    void this.#client.sendNotification(serverMethods.forget, path);
  }

  async openTrace(params: OpenTraceParams, listener: TraceListener): Promise<number> {
    const { trace } = await this.#client.sendRequest<OpenTraceAnswer>(
      serverMethods.openTrace,
      params,
    );
    this.#traces.set(trace, listener);
    const early = this.#early.get(trace);
    this.#early.delete(trace);
    if (early !== undefined) listener.state(early);
    return trace;
  }

  closeTrace(trace: number): void {
    this.#traces.delete(trace);
    if (!this.#stopping) void this.#client.sendNotification(serverMethods.closeTrace, trace);
  }

  wantTiles(trace: number, wanted: readonly TileName[]): void {
    this.#socket?.write(frame(Buffer.from(JSON.stringify({ trace, wanted }))));
  }

  details(trace: number, place: SlicePlace): Promise<DetailsAnswer> {
    return this.#client.sendRequest<DetailsAnswer>(serverMethods.details, { trace, place });
  }

  neighbour(
    trace: number,
    place: SlicePlace,
    direction: "next" | "previous",
  ): Promise<DetailsAnswer> {
    const params = { trace, place, direction };
    return this.#client.sendRequest<DetailsAnswer>(serverMethods.neighbour, params);
  }

  range(trace: number, from: number, to: number): Promise<RangeAnswer> {
    return this.#client.sendRequest<RangeAnswer>(serverMethods.range, { trace, from, to });
  }

  /** What may be opened for a file that the trace names. */
  source(trace: number, file: string): Promise<SourceAnswer> {
    return this.#client.sendRequest<SourceAnswer>(serverMethods.source, { trace, file });
  }

  events(trace: number, from: number, order: EventOrder): Promise<EventsAnswer> {
    return this.#client.sendRequest<EventsAnswer>(serverMethods.events, { trace, from, order });
  }

  async dispose(): Promise<void> {
    this.#stopping = true;
    this.#socket?.destroy();
    await this.#client.dispose();
  }

  #options(initializationOptions: ServerOptions): LanguageClientOptions {
    return {
      documentSelector: [
        ...["typescript", "javascript", "typescriptreact", "javascriptreact"].map((language) => ({
          scheme: "file",
          language,
        })),
        { scheme: "file", pattern: "**/poolscope.json" },
      ],
      initializationOptions,
      diagnosticCollectionName: "poolscope",
      synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/poolscope.json") },
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue }),
        // Not restarted behind the person's back: the next command starts a new one.
        closed: () => {
          this.#died();
          return { action: CloseAction.DoNotRestart, handled: true };
        },
      },
    };
  }

  #listen(): void {
    const client = this.#client;
    client.onNotification(serverMethods.started, (trace: string) => this.#listener.started(trace));
    client.onNotification(serverMethods.progress, (params: ProgressParams) =>
      this.#listener.progress(params),
    );
    client.onNotification(serverMethods.compareProgress, (params: CompareProgressParams) =>
      this.#listener.compareProgress(params),
    );
    client.onNotification(serverMethods.output, (params: OutputParams) =>
      this.#listener.output(params),
    );
    client.onNotification(serverMethods.traceState, ({ trace, state }: TraceStateParams) => {
      const listener = this.#traces.get(trace);
      if (listener === undefined) this.#early.set(trace, state);
      else listener.state(state);
    });
  }

  #connect(): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.#pipe, () => resolve());
      this.#socket = socket;
      const reader = new FrameReader();
      socket.on("data", (piece: Buffer) => {
        for (const body of reader.take(piece)) {
          const trace = new DataView(body.buffer).getUint32(0, true);
          this.#traces.get(trace)?.tile(body.slice(8));
        }
      });
      // The server's end is told by the language client; before that, it is why there is no client.
      socket.on("error", reject);
    });
  }

  #died(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    for (const listener of this.#traces.values()) {
      listener.gone(
        vscode.l10n.t(
          "The Poolscope server has stopped. Close this panel and open the trace again.",
        ),
      );
    }
    this.#traces.clear();
    this.#listener.died();
  }
}
