// A pool in a process of its own, used like one of this process. When its process dies, what it had fails with PoolDiedError, as
// nobody knows how far it came; the process is started again, later and later while it keeps dying.

import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import { toError } from "../payload/error-transfer.ts";
import { encodeClone } from "../payload/payload-codec.ts";
import { fromCloneBytes } from "../payload/structured-clone.ts";
import { unreadable } from "../payload/unsendable.ts";
import type { EventRequest, Submit, SubmitOptions } from "../handler.ts";
import type { CloseOptions, Pool, PoolCounts } from "../pool-front.ts";
import type { PoolState } from "../pool-state.ts";
import { abortReason, checkSignal, hearAbort, throwIfAborted } from "../submit/hear-abort.ts";
import { checkCloseOptions, longestMillis } from "../supervisor/close-pool.ts";
import type { FromRemote, RemoteEvent, RemoteOptions, ToRemote } from "./remote-messages.ts";

const noSignal = (): void => undefined;
const firstRestartMillis = 100;
const longestRestartMillis = 10_000;

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
  readonly release: () => void;
}

const noCounts: PoolCounts = {
  submitted: 0,
  settled: 0,
  failed: 0,
  cancelled: 0,
  shed: 0,
  deadLettered: 0,
};

export class RemotePool implements Pool {
  readonly #module: string;
  readonly #options: RemoteOptions;
  readonly #pending = new Map<number, Pending>();
  #child: ChildProcess | undefined;
  #handlers: readonly string[] = [];
  #state: PoolState = { kind: "broken", reason: "its process has not started" };
  /** Of the process that runs, as it told last; of those that died. */
  #counts = noCounts;
  #countsBefore = noCounts;
  #nextId = 0;
  #restarts = 0;
  #restart: NodeJS.Timeout | undefined;
  #closing = false;

  private constructor(module: string, options: RemoteOptions) {
    this.#module = module;
    this.#options = options;
  }

  /** Resolves when its process has loaded the handlers; rejects with what keeps it from that. */
  static async start(module: string | URL, options: RemoteOptions): Promise<RemotePool> {
    const path = module instanceof URL ? fileURLToPath(module) : resolve(module);
    const pool = new RemotePool(path, options);
    await pool.#startProcess();
    return pool;
  }

  get handlers(): readonly string[] {
    return this.#handlers;
  }

  get state(): PoolState {
    return this.#state;
  }

  /** As of a quarter of a second ago at most. */
  counts(): PoolCounts {
    return added(this.#countsBefore, this.#counts);
  }

  readonly submit: Submit = async (event: EventRequest, options?: SubmitOptions) => {
    const signal = checkSignal(options?.signal);
    throwIfAborted(signal);
    const child = this.#child;
    if (this.#state.kind === "broken") throw named("PoolClosedError", this.#state.reason);
    if (this.#closing || child === undefined) {
      throw named("PoolClosedError", "The pool is closed; no event can be submitted.");
    }
    const id = ++this.#nextId;
    return new Promise((resolve, reject) => {
      const aborted = (signal: AbortSignal): void => {
        this.#settle(id, undefined, { reason: abortReason(signal) });
        // Its process gives it its outcome, and ends what runs.
        send(child, { kind: "cancel", id });
      };
      const release = signal === undefined ? noSignal : hearAbort(signal, () => aborted(signal));
      this.#pending.set(id, { resolve, reject, release });
      this.#keepAlive(child);
      try {
        send(child, { kind: "submit", id, event: encoded(event) }, (reason) =>
          this.#settle(id, undefined, { reason }),
        );
      } catch (reason) {
        // The payload can't be sent.
        this.#settle(id, undefined, { reason });
      }
    });
  };

  async close(options: CloseOptions = {}): Promise<void> {
    const asked = checkCloseOptions(options);
    this.#closing = true;
    this.#state = { kind: "closed" };
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child === undefined) return;
    const gone = new Promise<void>((resolve) => {
      child.once("exit", () => resolve());
    });
    this.#keepAlive(child);
    send(child, { kind: "close", options: asked });
    // The pool in it keeps to its own bound; one that can't even hear is ended a little later.
    const force = setTimeout(
      () => child.kill("SIGKILL"),
      Math.min(asked.withinMillis + 2000, longestMillis),
    );
    await gone;
    clearTimeout(force);
  }

  #startProcess(): Promise<void> {
    const execArgv = ownFlags(process.execArgv);
    const child = fork(processScript(), { serialization: "advanced", execArgv });
    this.#child = child;
    return new Promise((resolve, reject) => {
      child.on("message", (message: FromRemote) => {
        if (message.kind === "refused") reject(toError(message.error));
        else this.#heard(message);
        if (message.kind === "started") resolve();
      });
      child.on("error", reject);
      child.once("exit", (code, signal) => {
        const how = signal === null ? `with exit code ${code ?? "unknown"}` : `by ${signal}`;
        const died = named("PoolDiedError", `The pool's process ended ${how}.`);
        reject(died);
        this.#exited(died);
      });
      send(child, { kind: "start", module: this.#module, options: this.#options });
    });
  }

  #heard(message: Exclude<FromRemote, { kind: "refused" }>): void {
    switch (message.kind) {
      case "started":
        this.#handlers = message.handlers;
        this.#state = { kind: "running" };
        return this.#letEnd();
      case "completed":
        this.#restarts = 0;
        return this.#completed(message.id, message.result);
      case "failed":
        return this.#settle(message.id, undefined, { reason: toError(message.error) });
      case "told":
        this.#counts = message.counts;
        if (!this.#closing) this.#state = message.state;
        return;
      case "closed":
        this.#counts = message.counts;
    }
  }

  #completed(id: number, result: Uint8Array): void {
    try {
      this.#settle(id, fromCloneBytes(result), undefined);
    } catch (error) {
      this.#settle(id, undefined, { reason: unreadable("result", error) });
    }
  }

  #settle(id: number, value: unknown, failure: { readonly reason: unknown } | undefined): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    pending.release();
    this.#letEnd();
    if (failure === undefined) pending.resolve(value);
    else pending.reject(failure.reason);
  }

  #exited(died: Error): void {
    const wasRunning = this.#handlers.length > 0;
    this.#child = undefined;
    this.#countsBefore = added(this.#countsBefore, this.#counts);
    this.#counts = noCounts;
    if (!this.#closing) this.#state = { kind: "broken", reason: died.message };
    for (const id of [...this.#pending.keys()]) this.#settle(id, undefined, { reason: died });
    if (this.#closing || !wasRunning) return;
    const delay = Math.min(longestRestartMillis, firstRestartMillis * 2 ** this.#restarts++);
    this.#restart = setTimeout(() => {
      // Its exit comes again, and with it the next attempt.
      this.#startProcess().catch(() => undefined);
      this.#letEnd();
    }, delay).unref();
  }

  /**
   * This process waits for the pool's: until it has started, while it has events, and until it is
   * closed.
   */
  #keepAlive(child: ChildProcess): void {
    child.ref();
    child.channel?.ref();
  }

  /** An idle pool is nothing to wait for: its process ends with this one. */
  #letEnd(): void {
    if (this.#pending.size > 0 || this.#closing) return;
    this.#child?.unref();
    this.#child?.channel?.unref();
  }
}

/**
 * Node's flags for the pool's process: not a debugger's port, which this one has, nor a program of
 * the command line, which would run again there, and start a pool again.
 */
function ownFlags(execArgv: readonly string[]): string[] {
  const evaluates = /^(-e|-p|-pe|--eval|--print)$/;
  return execArgv.filter(
    (flag, index) =>
      !/^--(inspect|input-type|eval=|print=)/.test(flag) &&
      !evaluates.test(flag) &&
      !evaluates.test(execArgv[index - 1] ?? ""),
  );
}

/** Bundled beside the bundle, or compiled beside this file. */
function processScript(): URL {
  const compiled =
    import.meta.url.endsWith("/remote-pool.js") && import.meta.url.includes("/group/");
  return new URL(compiled ? "./remote-pool-main.js" : "./remote-pool.js", import.meta.url);
}

/** Throws when the message can't be cloned. A channel that is gone is told by the process's exit. */
function send(child: ChildProcess, message: ToRemote, failed?: (error: Error) => void): void {
  if (!child.connected) return;
  child.send(message, (error) => {
    if (error !== null && child.connected) failed?.(error);
  });
}

function added(first: PoolCounts, second: PoolCounts): PoolCounts {
  return {
    submitted: first.submitted + second.submitted,
    settled: first.settled + second.settled,
    failed: first.failed + second.failed,
    cancelled: first.cancelled + second.cancelled,
    shed: first.shed + second.shed,
    deadLettered: first.deadLettered + second.deadLettered,
  };
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

function encoded({ payload, ...event }: EventRequest): RemoteEvent {
  return { ...event, payload: encodeClone(payload) };
}
