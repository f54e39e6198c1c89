// The traces that are open, by number. Several panels, and the editor's findings, may share one.

import type { PanelState } from "../protocol/panel-state.ts";
import type { OpenTraceParams } from "../protocol/server-messages.ts";
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
  #last = 0;

  constructor(script: URL, listener: RegistryListener) {
    this.#script = script;
    this.#listener = listener;
  }

  /** A run begins to write this trace; it stays open until `runEnded`. */
  runStarted(path: string, previous: string | undefined): OpenTrace {
    const trace = new OpenTrace(this.#script, {
      path,
      running: true,
      previous,
      cutBecause: undefined,
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
    for (const trace of new Set([...this.#entries.values()].map(({ trace }) => trace))) {
      trace.filesChanged();
    }
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
