// What a pool thread runs: loads the handlers, builds its parts on the shared memory, joins the pool, tears down.

import { readlinkSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../base/assert.ts";
import { codes } from "../recorder/codes.ts";
import { makeRecorder } from "../recorder/ring-recorder.ts";
import { StateRow } from "../recorder/state-row.ts";
import { HeldGuards } from "../sync/held-guards.ts";
import { LockTable } from "../sync/lock-table.ts";
import { Mutex } from "../sync/mutex.ts";
import type { SyncContext } from "../sync/sync-context.ts";
import { toPlainError } from "./error-transfer.ts";
import { TurnContext, type ContextServices } from "./handler-context.ts";
import type { HandlerModule } from "./handler.ts";
import { loadModule } from "./loader/load-module.ts";
import { takeSite } from "./loader/site-holder.ts";
import { NamedMemory } from "./named-memory.ts";
import { hot, openPoolMemory } from "./pool-memory.ts";
import { poolParts } from "./pool-setup.ts";
import { PoolThread } from "./pool-thread.ts";
import { seededRandom } from "./random.ts";
import { Submitter } from "./submitter.ts";
import { ThreadIdle } from "./thread-idle.ts";
import type { FromThread, ThreadStart, ToThread } from "./thread-messages.ts";
import { TurnRunner } from "./turn-runner.ts";

const start = workerData as ThreadStart;
assert(parentPort !== null, "pool-thread-main runs in a worker thread only");
const port = parentPort;

function tell(message: FromThread): void {
  port.postMessage(message);
}

/** 0 where the platform has no /proc. */
function osThreadId(): number {
  try {
    return Number(readlinkSync("/proc/thread-self").split("/").at(-1));
  } catch {
    return 0;
  }
}

async function main(): Promise<void> {
  const loaded = await loadModule(start.prepared);
  if (loaded.kind === "refused") return refuse({ kind: "refused", problem: loaded.problem });
  const thread = assemble(loaded.module);
  try {
    await loaded.module.setup?.(thread.ctx);
  } catch (error) {
    return refuse({ kind: "setup-failed", error: toPlainError(error) });
  }
  tell({
    kind: "loaded",
    handlers: [...loaded.module.handlers.keys()],
    osThreadId: osThreadId(),
  });
  await thread.pool.join();
  await loaded.module.teardown?.(thread.ctx);
  thread.stopped();
  port.close();
}

function refuse(message: FromThread): void {
  tell(message);
  port.close();
}

interface AssembledThread {
  readonly pool: PoolThread;
  readonly ctx: TurnContext;
  stopped(): void;
}

function assemble(module: HandlerModule): AssembledThread {
  const { seat, options } = start;
  const memory = openPoolMemory(start.parts);
  const startNanos = BigInt(start.startNanos);
  const clock = process.hrtime.bigint;
  const recorder = makeRecorder(options.level, start.ring, clock);
  const stateRow = new StateRow(memory.words, memory.stateRow(seat));
  stateRow.clear();
  const parts = poolParts(memory, options, startNanos);
  const handlers = [...module.handlers.keys()];
  const strings = new Map<string, number>();
  let turns: TurnRunner | undefined = undefined;
  const currentTurn = (): number => turns?.current ?? 0;

  const table = new LockTable(memory.words, memory.lockTableOffset, memory.lockCapacity);
  const held = new HeldGuards();
  const contextOf = (turn: () => number): SyncContext => ({
    words: memory.words,
    thread: seat,
    mayBlock: true,
    recorder,
    stateRow,
    currentTurn: turn,
    takeSite,
    now: clock,
    held,
  });
  const ofThread = contextOf(currentTurn);
  const mutexes = new Map<string, Mutex>();
  const mutexNamed = (name: string): Mutex => {
    let mutex = mutexes.get(name);
    if (mutex === undefined) {
      mutex = new Mutex(table, table.indexOf(name), ofThread);
      mutexes.set(name, mutex);
    }
    return mutex;
  };

  const submitter = new Submitter({
    memory,
    index: seat,
    handlers,
    handleSet: parts.handleSet,
    byPriority: parts.discipline.byPriority,
    protocol: parts.protocol,
    whenFull: options.whenFull,
    recorder,
    currentTurn,
    nowMicros: parts.nowMicros,
    abortRunning: (slot, runner) => tell({ kind: "abort", slot, seat: runner }),
  });
  const services: ContextServices = {
    thread: seat,
    memory,
    recorder,
    submit: submitter.submit,
    named: new NamedMemory(start.parts.named, mutexNamed("poolscope:named-memory")),
    locals: new Map(),
    startNanos,
    // With several turns at once, each turn's locks must know their turn: one Mutex a turn then.
    mutexOf: (name, turn) =>
      options.concurrentEvents === 1
        ? mutexNamed(name)
        : new Mutex(
            table,
            table.indexOf(name),
            contextOf(() => turn.number),
          ),
    internString: (text) => {
      const known = strings.get(text);
      if (known !== undefined) return known;
      const id = Atomics.add(memory.words, hot.nextString, 1) + 1;
      strings.set(text, id);
      tell({ kind: "string", id, text });
      return id;
    },
    random: seededRandom(options.seed + seat),
    log: (text) => tell({ kind: "log", text }),
  };
  turns = new TurnRunner({
    memory,
    recorder,
    stateRow,
    services,
    module,
    handlers,
    releaseLeftovers: (turn) => {
      for (const lock of held.releaseTurn(turn)) {
        tell({
          kind: "warning",
          text: `A handler ended while it held lock "${lock}"; the lock was released for it.`,
        });
      }
    },
    failed: (event, type, error) => tell({ kind: "failure", event, type, error }),
  });
  const runner = turns;
  port.on("message", (message: ToThread) => runner.abort(message.slot));
  const idle = new ThreadIdle(memory, seat);
  if (recorder.scheduling) recorder.record(codes.threadStarted, 0, 0, osThreadId(), 0, 0, 0);

  const pool = new PoolThread({
    memory,
    seat,
    threads: memory.seats,
    handleSet: parts.handleSet,
    protocol: parts.protocol,
    moment: parts.moment,
    concurrentEvents: options.concurrentEvents,
    recorder,
    stateRow,
    turns,
    submitter,
    idle,
  });
  const ctx = new TurnContext(services, {
    number: 0,
    slot: 0,
    word: 0,
    event: 0,
    handler: 0,
    priority: 0,
    abort: undefined,
  });
  return {
    pool,
    ctx,
    stopped: () => {
      if (recorder.scheduling) recorder.record(codes.threadStopped, 0, 0, 0, 0, 0, 0);
    },
  };
}

await main();
