// What a pool thread runs: loads the handlers, builds its parts on the shared memory, joins the pool, tears down.

import { readlinkSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../base/assert.ts";
import { codes } from "../recorder/codes.ts";
import { makeRecorder } from "../recorder/ring-recorder.ts";
import { StateRow } from "../recorder/state-row.ts";
import { toPlainError } from "./error-transfer.ts";
import { TurnContext, type ContextServices } from "./handler-context.ts";
import type { HandlerModule } from "./handler.ts";
import { loadModule } from "./loader/load-module.ts";
import { NamedMemory } from "./named-memory.ts";
import { hot, openPoolMemory, type PoolMemory } from "./pool-memory.ts";
import { poolParts } from "./pool-setup.ts";
import { PoolThread } from "./pool-thread.ts";
import { seededRandom } from "./random.ts";
import { Submitter } from "./submitter.ts";
import { ThreadIdle } from "./thread-idle.ts";
import type { FromThread, ThreadStart, ToThread } from "./thread-messages.ts";
import { ThreadLocks } from "./thread-locks.ts";
import { outsideTurn } from "./turn.ts";
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
  const recorder = makeRecorder(options.level, start.ring, process.hrtime.bigint);
  const stateRow = new StateRow(memory.words, memory.stateRow(seat));
  stateRow.clear();
  const parts = poolParts(memory, options, startNanos);
  const handlers = [...module.handlers.keys()];
  // The turns need the locks' guards and the locks need the present turn: the turn is asked for when a lock is taken.
  const turn = { current: (): number => 0 };
  const locks = new ThreadLocks(memory, seat, recorder, stateRow, () => turn.current());
  const submitter = new Submitter({
    memory,
    index: seat,
    handlers,
    handleSet: parts.handleSet,
    byPriority: parts.discipline.byPriority,
    protocol: parts.protocol,
    whenFull: options.whenFull,
    recorder,
    currentTurn: () => turn.current(),
    nowMicros: parts.nowMicros,
    abortRunning: (slot, runner) => tell({ kind: "abort", slot, seat: runner }),
  });
  const services: ContextServices = {
    thread: seat,
    memory,
    recorder,
    submit: submitter.submit,
    named: new NamedMemory(start.parts.named, locks.named("poolscope:named-memory")),
    locals: new Map(),
    startNanos,
    // With several turns at once, each turn's locks must know their turn.
    mutexOf: (name, { number }) =>
      options.concurrentEvents === 1 ? locks.named(name) : locks.ofTurn(name, number),
    internString: stringInterner(memory),
    random: seededRandom(options.seed + seat),
    log: (text) => tell({ kind: "log", text }),
  };
  const turns = new TurnRunner({
    memory,
    recorder,
    stateRow,
    services,
    module,
    handlers,
    releaseLeftovers: (number) => locks.held.releaseTurn(number).forEach(warnOfLeftover),
    failed: (event, type, error) => tell({ kind: "failure", event, type, error }),
  });
  turn.current = () => turns.current;
  port.on("message", (message: ToThread) => turns.abort(message.slot));
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
    idle: new ThreadIdle(memory, seat),
  });
  return {
    pool,
    ctx: new TurnContext(services, outsideTurn),
    stopped: () => {
      if (recorder.scheduling) recorder.record(codes.threadStopped, 0, 0, 0, 0, 0, 0);
    },
  };
}

function warnOfLeftover(lock: string): void {
  const text = `A handler ended while it held lock "${lock}"; the lock was released for it.`;
  tell({ kind: "warning", text });
}

/** Numbers are unique in the pool; the texts reach the trace by way of the supervisor. */
function stringInterner(memory: PoolMemory): (text: string) => number {
  const known = new Map<string, number>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const id = Atomics.add(memory.words, hot.nextString, 1) + 1;
    known.set(text, id);
    tell({ kind: "string", id, text });
    return id;
  };
}

await main();
