// The pool as its owner sees it: starts the threads, supervises them, takes events, closes. It runs on the main thread,
// which never blocks: a blocked supervisor would see no thread die.

import { codes } from "../recorder/codes.ts";
import type { Recorder } from "../recorder/recorder.ts";
import { makeRecorder } from "../recorder/ring-recorder.ts";
import { recordingRing } from "../recorder/ring.ts";
import { LockTable } from "../sync/lock-table.ts";
import {
  checkPoolOptions,
  threadOptionsOf,
  type CheckedPoolOptions,
} from "./check-pool-options.ts";
import { readCounts, type PoolCounts } from "./counts.ts";
import { toError, type PlainError } from "./error-transfer.ts";
import type { Submit } from "./handler.ts";
import { appointFollower, wakeSeat } from "./leadership.ts";
import type { PreparedModule } from "./loader/prepared-module.ts";
import { createPoolMemory, hot, slotField, type PoolMemory } from "./pool-memory.ts";
import type { PoolObserver, PoolRecording } from "./pool-observer.ts";
import type { PoolOptions } from "./pool-options.ts";
import { watchDeadlines } from "./deadlines.ts";
import { exitReason, startSeat, threadRow, type Seat } from "./pool-seat.ts";
import { poolParts, type PoolParts } from "./pool-setup.ts";
import { recover } from "./recover.ts";
import { relayLines } from "./relay-lines.ts";
import { loadSlot } from "./slot.ts";
import { StringOrder } from "./string-order.ts";
import { Submitter } from "./submitter.ts";
import type { SubmitterSeat } from "./submitter-seat.ts";
import type { FromThread, ThreadStart, ToThread } from "./thread-messages.ts";

const exitsAllowed = 100;

export class ThreadPool {
  readonly #options: CheckedPoolOptions;
  readonly #prepared: PreparedModule;
  readonly #observer: PoolObserver;
  readonly #memory: PoolMemory;
  readonly #parts: PoolParts;
  readonly #rings: readonly SharedArrayBuffer[];
  readonly #recorder: Recorder;
  readonly #locks: LockTable;
  readonly #startNanos = process.hrtime.bigint();
  readonly #seats = new Map<number, Seat>();
  readonly #strings: StringOrder;
  #handlers: readonly string[] = [];
  #submitter: Submitter | undefined;
  #deadlines: NodeJS.Timeout | undefined;
  #earlyExits = 0;
  #closing = false;

  private constructor(
    prepared: PreparedModule,
    options: CheckedPoolOptions,
    observer: PoolObserver,
  ) {
    this.#prepared = prepared;
    this.#options = options;
    this.#observer = observer;
    this.#memory = createPoolMemory({
      seats: options.threads,
      capacity: options.capacity,
      sharedBytes: options.sharedBytes,
      payloadBytes: options.payloadBytes,
    });
    this.#parts = poolParts(this.#memory, options, this.#startNanos);
    this.#rings = Array.from({ length: this.#memory.submitters }, () => recordingRing());
    this.#recorder = makeRecorder(options.level, this.#ring(0), process.hrtime.bigint);
    this.#locks = new LockTable(
      this.#memory.words,
      this.#memory.lockTableOffset,
      this.#memory.lockCapacity,
    );
    this.#strings = new StringOrder((rows) => observer.strings(rows));
  }

  /** Resolves when every thread has loaded the handlers; rejects with the first problem that keeps it from that. */
  static async start(
    prepared: PreparedModule,
    options: PoolOptions,
    observer: PoolObserver,
  ): Promise<ThreadPool> {
    const pool = new ThreadPool(prepared, checkPoolOptions(options), observer);
    try {
      const seats = Array.from({ length: pool.#options.threads }, (_, index) => index + 1);
      await Promise.all(seats.map((seat) => pool.#startThread(seat)));
    } catch (error) {
      await pool.close({ pending: "cancel", withinMillis: 1000 });
      throw error;
    }
    pool.#submitter = pool.#makeSubmitter();
    pool.#watchDeadlines();
    return pool;
  }

  get handlers(): readonly string[] {
    return this.#handlers;
  }

  get recording(): PoolRecording {
    const threads = this.#rings.map((_, thread) => thread);
    return {
      level: this.#options.level,
      rings: this.#rings,
      words: this.#memory.parts.words,
      stateRowOffsets: threads.map((thread) => this.#memory.stateRow(thread)),
      lockTable: { offset: this.#memory.lockTableOffset, capacity: this.#memory.lockCapacity },
    };
  }

  /** For one other thread of this process, such as a workload: see openSubmitter. */
  get workloadSeat(): SubmitterSeat {
    const index = this.#memory.submitters - 1;
    return {
      index,
      parts: this.#memory.parts,
      ring: this.#ring(index),
      options: threadOptionsOf(this.#options),
      handlers: this.#handlers,
      startNanos: String(this.#startNanos),
    };
  }

  get submit(): Submit {
    if (this.#submitter === undefined) throw new Error("The pool has not started.");
    return this.#submitter.submit;
  }

  counts(): PoolCounts {
    return readCounts(this.#memory);
  }

  /** Tells the thread that runs a slot's handler that its event was cancelled. */
  abortRunning(slot: number, seat: number): void {
    const message: ToThread = { kind: "abort", slot };
    this.#seats.get(seat)?.worker.postMessage(message);
  }

  /**
   * Takes no more events, then lets those accepted finish ("drain") or cancels those that wait ("cancel"), and ends the
   * threads: by force when `withinMillis` is over.
   */
  async close(
    options: { readonly pending?: "drain" | "cancel"; readonly withinMillis?: number } = {},
  ): Promise<void> {
    const { pending = "drain", withinMillis = 10_000 } = options;
    const until = performance.now() + withinMillis;
    this.#submitter?.close();
    if (pending === "drain") await this.#settledBefore(until);
    this.#submitter?.cancelQueued(
      Object.assign(new Error("The pool was closed before this event started."), {
        name: "AbortError",
      }),
    );
    this.#closing = true;
    clearInterval(this.#deadlines);
    Atomics.store(this.#memory.words, hot.stop, 1);
    for (const seat of this.#seats.keys()) wakeSeat(this.#memory, seat);
    await this.#endThreads(until);
    this.#submitter?.collect();
  }

  async #settledBefore(until: number): Promise<void> {
    while (performance.now() < until) {
      const { submitted, settled } = this.counts();
      if (submitted === settled) return;
      await new Promise((resolve) => {
        setTimeout(resolve, 2);
      });
    }
  }

  async #endThreads(until: number): Promise<void> {
    const exits = [...this.#seats.values()].map(
      ({ worker }) =>
        new Promise<void>((resolve) => {
          worker.once("exit", () => resolve());
        }),
    );
    const force = setTimeout(
      () => {
        for (const { worker } of this.#seats.values()) void worker.terminate();
      },
      Math.max(100, until - performance.now()),
    );
    await Promise.all(exits);
    clearTimeout(force);
  }

  #ring(thread: number): SharedArrayBuffer {
    const ring = this.#rings[thread];
    if (ring === undefined) throw new Error(`Poolscope defect: no ring for thread ${thread}`);
    return ring;
  }

  #startThread(index: number): Promise<void> {
    const start: ThreadStart = {
      seat: index,
      name: `thread ${index}`,
      parts: this.#memory.parts,
      ring: this.#ring(index),
      prepared: this.#prepared,
      options: threadOptionsOf(this.#options),
      startNanos: String(this.#startNanos),
    };
    const seat = startSeat(this.#options.threadScript, start);
    this.#seats.set(index, seat);
    relayLines(seat.worker.stdout, (text) => this.#output(seat, "stdout", text));
    relayLines(seat.worker.stderr, (text) => this.#output(seat, "stderr", text));
    return new Promise((resolve, reject) => {
      seat.worker.on("message", (message: FromThread) =>
        this.#heard(seat, message, resolve, reject),
      );
      seat.worker.on("exit", (code) => {
        const reason = exitReason(seat, code);
        reject(toError(reason));
        this.#exited(seat, code, reason);
      });
    });
  }

  #output(seat: Seat, stream: "stdout" | "stderr", text: string): void {
    this.#observer.output({ thread: `thread ${seat.index}`, stream, text });
  }

  #heard(
    seat: Seat,
    message: FromThread,
    resolve: () => void,
    reject: (reason: unknown) => void,
  ): void {
    switch (message.kind) {
      case "loaded":
        this.#handlers = message.handlers;
        seat.loaded = true;
        this.#observer.thread(threadRow(seat, message.osThreadId));
        return resolve();
      case "refused":
        this.#closing = true;
        return reject(
          Object.assign(new Error(message.problem.message), { problem: message.problem }),
        );
      case "setup-failed":
        this.#closing = true;
        return reject(
          toError({ ...message.error, message: `setup failed: ${message.error.message}` }),
        );
      case "failure":
        return this.#failed(seat, message.event, message.type, message.error);
      case "string":
        return this.#strings.add(message.id, message.text);
      case "abort":
        return this.abortRunning(message.slot, message.seat);
      case "log":
        return this.#output(seat, "stdout", message.text);
      case "warning":
        return this.#observer.warning(`thread ${seat.index}: ${message.text}`);
    }
  }

  #failed(seat: Seat, event: number, type: string, error: PlainError): void {
    const { name, message, stack } = error;
    this.#observer.failure({ event, type, thread: `thread ${seat.index}`, name, message, stack });
  }

  #exited(seat: Seat, code: number, error: PlainError): void {
    if (this.#seats.get(seat.index) === seat) this.#seats.delete(seat.index);
    if (this.#recorder.scheduling && !(this.#closing && code === 0)) {
      this.#recorder.record(codes.threadCrashed, 0, seat.index, code, 0, 0, 0);
    }
    const recovered = recover(seat.index, {
      memory: this.#memory,
      handleSet: this.#parts.handleSet,
      locks: this.#locks,
      retries: this.#options.retries,
      error,
      queuedAgain: (slot) => this.#queueAgain(slot),
    });
    this.#appoint();
    if (this.#closing || !seat.loaded) return;
    for (const event of recovered.failedEvents) this.#failed(seat, event, "", error);
    this.#observer.warning(`${error.message}; it is replaced.`);
    this.#replace(seat);
  }

  #queueAgain(slot: number): void {
    const priority = this.#memory.words[this.#memory.slot(slot, slotField.priority)] ?? 0;
    this.#submitter?.push(slot, loadSlot(this.#memory, slot), priority);
  }

  #appoint(): void {
    const { handleSet, protocol } = this.#parts;
    const appointed = appointFollower(this.#memory, protocol, () => handleSet.hasWork());
    if (appointed !== undefined) wakeSeat(this.#memory, appointed.seat);
  }

  #replace(seat: Seat): void {
    this.#earlyExits++;
    if (this.#earlyExits > exitsAllowed) {
      this.#observer.broken(`Threads died ${exitsAllowed} times; the pool stops replacing them.`);
      return;
    }
    this.#startThread(seat.index).catch((error: unknown) => {
      if (this.#closing) return;
      const message = error instanceof Error ? error.message : String(error);
      this.#observer.broken(`thread ${seat.index} could not be replaced: ${message}`);
    });
  }

  #makeSubmitter(): Submitter {
    return new Submitter({
      memory: this.#memory,
      index: 0,
      handlers: this.#handlers,
      handleSet: this.#parts.handleSet,
      byPriority: this.#parts.discipline.byPriority,
      protocol: this.#parts.protocol,
      whenFull: this.#options.whenFull,
      recorder: this.#recorder,
      currentTurn: () => 0,
      nowMicros: this.#parts.nowMicros,
      abortRunning: (slot, seat) => this.abortRunning(slot, seat),
    });
  }

  #watchDeadlines(): void {
    const { handlerDeadline } = this.#options;
    if (handlerDeadline === 0) return;
    this.#deadlines = watchDeadlines(this.#memory, handlerDeadline, (seat, slot) =>
      this.#endThread(seat, slot, handlerDeadline),
    );
  }

  #endThread(index: number, slot: number, deadline: number): void {
    const seat = this.#seats.get(index);
    if (seat === undefined || seat.reason !== undefined) return;
    const handler = this.#memory.words[this.#memory.slot(slot, slotField.handler)] ?? 0;
    const name = this.#handlers[handler] ?? "handler";
    seat.reason = {
      name: "DeadlineError",
      message: `${name} did not settle within ${deadline} ms; thread ${index} was ended`,
      stack: "",
    };
    void seat.worker.terminate();
  }
}
