// The pool as its owner sees it: takes events, watches their deadlines, closes. Its threads are the supervisor's.

import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { codes } from "../recorder/codes.ts";
import { cancelWaiting } from "./submit/cancel-waiting.ts";
import { checkPoolOptions, threadOptionsOf } from "./check-pool-options.ts";
import { checkCloseOptions, Closing, settledBefore } from "./supervisor/close-pool.ts";
import { changesText, checkChanges, type CheckedChanges } from "./configure.ts";
import { readCounts } from "./memory/counts.ts";
import type { Submit } from "./handler.ts";
import { keepElastic } from "./supervisor/elastic.ts";
import { KeepAlive } from "./supervisor/keep-alive.ts";
import { announce } from "./health/announce.ts";
import { logOverload, type OverloadLog } from "./health/log-overload.ts";
import { PoolHealth } from "./health/pool-health.ts";
import { HandlerReplacement } from "./supervisor/handler-replacement.ts";
import { OverdueTurns } from "./recovery/overdue-turns.ts";
import type { PreparedModule } from "./loader/prepared-module.ts";
import { mainSubmitter, makePoolCore, ringOf, type PoolCore } from "./pool-core.ts";
import type { CloseOptions, LocalPool, PoolChanges, PoolCounts, PoolStats } from "./pool-front.ts";
import { slotField } from "./memory/memory-fields.ts";
import type { PoolObserver, PoolRecording } from "./pool-observer.ts";
import type { PoolOptions } from "./pool-options.ts";
import type { PoolState } from "./pool-state.ts";
import { ownProtocol } from "./promotion/own-protocol.ts";
import { regimeOf, storeRegime } from "./memory/regime.ts";
import { requeueWaiting } from "./queue/requeue.ts";
import { areTimersAlive } from "./memory/seat-timers.ts";
import { loadSlot } from "./memory/slot.ts";
import type { Submitter } from "./submit/submitter.ts";
import type { SubmitterSeat } from "./submit/submitter-seat.ts";
import { checkSourceTypes } from "./sources/check-sources.ts";
import { openSources, type OpenSources } from "./sources/open-sources.ts";
import { Supervisor } from "./supervisor/supervisor.ts";

export class ThreadPool implements LocalPool {
  readonly #core: PoolCore;
  readonly #supervisor: Supervisor;
  readonly #replacement: HandlerReplacement;
  readonly #health: PoolHealth;
  readonly #overdue: OverdueTurns;
  #submitter: Submitter | undefined;
  #closing: Closing | undefined;
  #closed: Promise<void> | undefined;
  #sources: OpenSources | undefined;
  #elastic: NodeJS.Timeout | undefined;
  #overloadLog: OverloadLog | undefined;
  readonly #keepAlive = new KeepAlive(() => this.#isBusy());

  private constructor(prepared: PreparedModule, core: PoolCore) {
    this.#core = core;
    this.#replacement = new HandlerReplacement(core, prepared, () => this.handlers);
    this.#supervisor = new Supervisor(core, prepared, {
      queuedAgain: (slot) => this.#queueAgain(slot),
      cancelled: (slot) => this.#overdue.cancelled(slot),
      exited: (seat) => this.#overdue.submitterDied(seat),
      broke: (reason) => this.#broke(reason),
    });
    this.#overdue = new OverdueTurns(core, prepared, this.#supervisor);
    this.#health = new PoolHealth(core, this.#supervisor, () => this.state);
  }

  /** Resolves when every thread has loaded the handlers; rejects with the first problem that keeps it from that. */
  static async start(
    prepared: PreparedModule,
    options: PoolOptions,
    observer: PoolObserver,
  ): Promise<ThreadPool> {
    const checked = checkPoolOptions(options);
    const own =
      checked.promotionModule === undefined
        ? undefined
        : await ownProtocol(checked.promotionModule, (sentence) => observer.warning(sentence));
    const core = makePoolCore(checked, observer, prepared.sitesMetFrom, own);
    const pool = new ThreadPool(prepared, core);
    return pool.#keepAlive.during(pool.#start());
  }

  async #start(): Promise<this> {
    const core = this.#core;
    try {
      await this.#supervisor.start(core.options.threads);
    } catch (error) {
      await this.close({ pending: "cancel", withinMillis: 1000 });
      throw error;
    }
    this.#submitter = mainSubmitter(
      core,
      0,
      this.handlers,
      (slot) => this.cancelRunning(slot),
      () => this.#keepAlive.begun(),
    );
    this.#overdue.watchDeadlines();
    await this.#openSources();
    this.#keepElastic();
    await this.#health.open();
    this.#started();
    return this;
  }

  #started(): void {
    const { log, memory, options } = this.#core;
    const { model, threads } = options;
    if (log.isOn) this.#overloadLog = logOverload(memory, () => this.handlers, log);
    const text = `A pool has started: ${model}, ${threads} threads, handlers ${this.handlers.join(", ")}.`;
    announce(log, { name: "started", text }, { threads });
  }

  get handlers(): readonly string[] {
    return this.#supervisor.handlers;
  }

  get state(): PoolState {
    return this.#closing !== undefined ? { kind: "closed" } : this.#supervisor.state;
  }

  stats(): PoolStats {
    return this.#health.stats();
  }

  get metricsPort(): number | undefined {
    return this.#health.metricsPort;
  }

  resize(threads: number): void {
    this.configure({ threads });
  }

  configure(changes: PoolChanges): void {
    const { memory, parts, options, log } = this.#core;
    const before = this.#configured;
    const now = checkChanges(changes, before, options, memory);
    const text = changesText(before, now);
    this.#mark(text);
    storeRegime(memory, now);
    if (now.threads !== before.threads) {
      const text = `The pool is to have ${now.threads} threads.`;
      announce(log, { name: "resized", text }, { threads: now.threads });
      this.#supervisor.resize(now.threads);
    }
    if (now.queue !== before.queue && parts.discipline().byPriority) {
      requeueWaiting(memory, parts.discipline(), parts.nowMicros(), (slot, seen, priority) =>
        this.#mainSubmitter.requeue(slot, seen, priority),
      );
    }
    if (text !== "") announce(log, { name: "configured", text: `Now: ${text}.` }, now);
  }

  get #configured(): CheckedChanges {
    return { ...regimeOf(this.#core.memory), threads: this.#supervisor.wanted };
  }

  /** On the timeline: from now on the pool is as the text says. */
  #mark(text: string): void {
    const { recorder, internString } = this.#core;
    if (text !== "" && recorder.scheduling) {
      recorder.record(codes.mark, 0, 0, internString(text), 0, 0, 0);
    }
  }

  async replaceHandlers(module: string | URL = this.#replacement.entry): Promise<void> {
    const path = module instanceof URL ? fileURLToPath(module) : resolve(module);
    await this.#keepAlive.during(
      this.#replacement.replace(path, (prepared) => this.#supervisor.replaceHandlers(prepared)),
    );
  }

  get recording(): PoolRecording {
    const { memory, rings, options } = this.#core;
    return {
      level: options.level,
      rings,
      words: memory.parts.words,
      stateRowOffsets: rings.map((_, thread) => memory.stateRow(thread)),
      lockTable: {
        offset: memory.lockTableOffset,
        capacity: memory.lockCapacity,
        threads: memory.submitters,
      },
    };
  }

  /** For one other thread of this process, such as a workload: see openSubmitter. */
  get workloadSeat(): SubmitterSeat {
    const { memory, rings, options, startNanos } = this.#core;
    const index = memory.submitters - 1;
    return {
      index,
      parts: memory.parts,
      ring: ringOf(rings, index),
      options: threadOptionsOf(options),
      handlers: this.handlers,
      startNanos: String(startNanos),
    };
  }

  get submit(): Submit {
    return this.#mainSubmitter.submit;
  }

  get #mainSubmitter(): Submitter {
    if (this.#submitter === undefined) throw new Error("The pool has not started.");
    return this.#submitter;
  }

  counts(): PoolCounts {
    return readCounts(this.#core.memory);
  }

  /** The event of a slot whose handler runs was cancelled, by whichever submitter. */
  cancelRunning(slot: number): void {
    this.#overdue.cancelled(slot);
  }

  /**
   * Takes no more events, then lets those accepted finish ("drain") or cancels those that wait ("cancel"), and ends the
   * threads: by force when `withinMillis` is over. Called again, it can only go faster.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const asked = checkCloseOptions(options);
    if (this.#closing === undefined) {
      this.#closing = new Closing(asked);
      this.#closed = this.#keepAlive.during(this.#close(this.#closing));
    } else this.#closing.hasten(asked);
    await this.#closed;
  }

  async #close(closing: Closing): Promise<void> {
    this.#sources?.close();
    this.#submitter?.close();
    clearInterval(this.#elastic);
    if (this.#supervisor.state.kind !== "broken") await settledBefore(() => this.counts(), closing);
    this.#cancelWaiting("The pool was closed before this event started.", "AbortError");
    this.#health.close();
    await this.#supervisor.end(closing);
    this.#overdue.close();
    // Once more, for what handlers submitted while the pool closed.
    this.#cancelWaiting("The pool was closed before this event started.", "AbortError");
    this.#submitter?.collect();
    this.#supervisor.collect();
    this.#overloadLog?.close();
    const counts = this.counts();
    const text = `The pool is closed: ${counts.settled} of ${counts.submitted} events have settled.`;
    announce(this.#core.log, { name: "closed", text }, counts);
    this.#core.strings.close();
    this.#core.sites.close();
    this.#keepAlive.end();
  }

  /**
   * What a process is to wait for beside works: events, and timers that events left in their
   * threads.
   */
  #isBusy(): boolean {
    const { submitted, settled } = this.counts();
    if (submitted !== settled || (this.#submitter?.waiting ?? 0) > 0) return true;
    return areTimersAlive(this.#core.memory);
  }

  /** Resolves when all sources have come to their end by themselves; at once when there are none. */
  get sourcesEnded(): Promise<void> {
    return this.#sources?.ended ?? Promise.resolve();
  }

  async #openSources(): Promise<void> {
    const { options, observer } = this.#core;
    if (options.sources.length === 0) return;
    try {
      checkSourceTypes(options.sources, this.handlers);
      this.#sources = openSources(
        options.sources,
        (...event) => this.#mainSubmitter.offer(...event),
        (text) => observer.warning(text),
      );
      void this.#keepAlive.during(this.#sources.ended);
    } catch (error) {
      await this.close({ pending: "cancel", withinMillis: 1000 });
      throw error;
    }
  }

  #cancelWaiting(message: string, name: string): void {
    this.#submitter?.cancelQueued(Object.assign(new Error(message), { name }));
    cancelWaiting(this.#core.memory, this.#core.recorder, { name, message, stack: "" });
  }

  #broke(reason: string): void {
    announce(this.#core.log, { name: "broken", text: reason }, { reason });
    this.#submitter?.close(reason);
    this.#cancelWaiting(reason, "PoolBrokenError");
    this.#core.observer.broken(reason);
  }

  #queueAgain(slot: number): void {
    const { memory } = this.#core;
    const priority = memory.words[memory.slot(slot, slotField.priority)] ?? 0;
    this.#submitter?.push(slot, loadSlot(memory, slot), priority);
  }

  #keepElastic(): void {
    const { memory, parts, options } = this.#core;
    const { threads: least, maxThreads: most } = options;
    if (most === least) return;
    this.#elastic = keepElastic(memory, parts.handleSet, parts.nowMicros, {
      least,
      most,
      wanted: () => this.#supervisor.wanted,
      resize: (threads) => this.resize(threads),
    });
  }
}
