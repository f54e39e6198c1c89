// A trace that somebody looks at: owns the worker thread that holds it.

import { basename } from "node:path";
import { Worker } from "node:worker_threads";
import { unreadableState } from "../presentation/panel-state.ts";
import type { TileName } from "../protocol/panel-messages.ts";
import type { PanelState } from "../protocol/panel-state.ts";
import type { OpenedFolders } from "../session/named-files.ts";
import type {
  FromTraceThread,
  Hang,
  RunFindings,
  SourceQuestion,
  ToTraceThread,
  TraceQuestion,
  TraceThreadStart,
} from "./trace-thread-messages.ts";

export interface TraceListener {
  state(state: PanelState): void;
  tile(bytes: Uint8Array): void;
}

export class OpenTrace {
  readonly path: string;
  /** Resolves when the trace will not grow any more; undefined when nothing of it could be read. */
  readonly findings: Promise<RunFindings | undefined>;
  /** Resolves when its run hangs in a deadlock, if it ever does. */
  readonly hangs: Promise<Hang>;
  readonly #worker: Worker;
  readonly #listeners = new Set<TraceListener>();
  readonly #answers = new Map<number, (value: unknown) => void>();
  #state: PanelState | undefined;
  #requests = 0;
  /** Its thread is gone: nothing is answered any more. */
  #isOver = false;

  constructor(script: URL, start: TraceThreadStart) {
    this.path = start.path;
    this.#worker = new Worker(script, { workerData: start });
    this.hangs = new Promise((resolve) => {
      this.#worker.on("message", (message: FromTraceThread) => {
        if (message.kind === "hangs") resolve(message);
      });
    });
    this.findings = new Promise((resolve) => {
      this.#worker.on("message", (message: FromTraceThread) => this.#heard(message, resolve));
      this.#worker.on("error", (error) => this.#failed(error, resolve));
    });
  }

  /** The present state is told at once, if there is one. */
  listen(listener: TraceListener): void {
    this.#listeners.add(listener);
    if (this.#state !== undefined) listener.state(this.#state);
  }

  unlisten(listener: TraceListener): void {
    this.#listeners.delete(listener);
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  wantTiles(wanted: readonly TileName[]): void {
    this.#post({ kind: "tiles", wanted });
  }

  ask(question: TraceQuestion | SourceQuestion): Promise<unknown> {
    if (this.#isOver) return Promise.resolve(null);
    const request = ++this.#requests;
    return new Promise((resolve) => {
      this.#answers.set(request, resolve);
      this.#post({ kind: "question", request, question });
    });
  }

  /** The run that wrote it is over; `why` when it was cut. */
  ended(why: string | undefined): void {
    this.#post({ kind: "ended", why });
  }

  filesChanged(): void {
    this.#post({ kind: "files-changed" });
  }

  folderOpened(opened: OpenedFolders): void {
    this.#post({ kind: "opened", opened });
  }

  close(): void {
    void this.#worker.terminate();
    for (const answer of this.#answers.values()) answer(null);
  }

  #post(message: ToTraceThread): void {
    this.#worker.postMessage(message);
  }

  #heard(message: FromTraceThread, final: (findings: RunFindings | undefined) => void): void {
    switch (message.kind) {
      case "state":
        this.#state = message.state;
        for (const listener of this.#listeners) listener.state(message.state);
        return;
      case "tile":
        for (const listener of this.#listeners) listener.tile(message.bytes);
        return;
      case "answer":
        this.#answers.get(message.request)?.(message.value);
        this.#answers.delete(message.request);
        return;
      case "final":
        return final(message.findings);
      case "hangs":
        return undefined;
    }
  }

  /** Out of memory, or a defect of ours: whoever waits, and whoever comes later, is told that nothing comes, and why. */
  #failed(error: Error, final: (findings: RunFindings | undefined) => void): void {
    this.#isOver = true;
    const statusText = `The trace could not be read to its end: ${error.message}`;
    const state: PanelState =
      this.#state === undefined
        ? unreadableState(basename(this.path), [statusText])
        : { ...this.#state, status: "unreadable", statusText };
    this.#state = state;
    for (const listener of this.#listeners) listener.state(state);
    for (const answer of this.#answers.values()) answer(null);
    this.#answers.clear();
    final(undefined);
  }
}
