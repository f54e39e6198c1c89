// The traces that are open, by number. Several panels, and the editor's findings, may share one.

import type { PanelState } from "../protocol/panel-state.ts";
import type { OpenTraceParams } from "../protocol/server-messages.ts";
import type { OpenedFolders } from "../session/named-files.ts";
import { OpenTrace, type TraceListener } from "./open-trace.ts";

interface Entry {
  readonly trace: OpenTrace;
  readonly listener: TraceListener;
}

export interface RegistryListener {
  state(trace: number, state: PanelState): void;
  tile(trace: number, bytes: Uint8Array): void;
}

export class TraceRegistry {
  readonly #script: URL;
  readonly #listener: RegistryListener;
  readonly #entries = new Map<number, Entry>();
  readonly #running = new Map<string, OpenTrace>();
  /** Why runs of this session were cut, by path. */
  readonly #cutBecause = new Map<string, string>();
  #opened: OpenedFolders;
  #last = 0;

  constructor(script: URL, opened: OpenedFolders, listener: RegistryListener) {
    this.#script = script;
    this.#opened = opened;
    this.#listener = listener;
  }

  /** A run begins to write this trace; it stays open until `runEnded`. */
  runStarted(path: string, previous: string | undefined): OpenTrace {
    const trace = new OpenTrace(this.#script, {
      path,
      running: true,
      previous,
      cutBecause: undefined,
      opened: this.#opened,
    });
    this.#running.set(path, trace);
    return trace;
  }

  runCut(trace: OpenTrace, why: string): void {
    this.#cutBecause.set(trace.path, why);
  }

  runEnded(trace: OpenTrace): void {
    this.#running.delete(trace.path);
    if (!trace.isWatched) trace.close();
  }

  open({ path, previous, cutBecause }: OpenTraceParams): number {
    const id = ++this.#last;
    const trace =
      this.#running.get(path) ??
      new OpenTrace(this.#script, {
        path,
        running: false,
        previous,
        cutBecause: this.#cutBecause.get(path) ?? cutBecause,
        opened: this.#opened,
      });
    const listener: TraceListener = {
      state: (state) => this.#listener.state(id, state),
      tile: (bytes) => this.#listener.tile(id, bytes),
    };
    this.#entries.set(id, { trace, listener });
    trace.listen(listener);
    return id;
  }

  get(id: number): OpenTrace | undefined {
    return this.#entries.get(id)?.trace;
  }

  filesChanged(): void {
    for (const trace of this.#all) trace.filesChanged();
  }

  folderOpened(opened: OpenedFolders): void {
    this.#opened = opened;
    for (const trace of this.#all) trace.folderOpened(opened);
  }

  get #all(): ReadonlySet<OpenTrace> {
    const watched = [...this.#entries.values()].map(({ trace }) => trace);
    return new Set([...watched, ...this.#running.values()]);
  }

  close(id: number): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    entry.trace.unlisten(entry.listener);
    if (!entry.trace.isWatched && this.#running.get(entry.trace.path) !== entry.trace) {
      entry.trace.close();
    }
  }
}
