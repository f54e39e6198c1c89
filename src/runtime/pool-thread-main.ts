// What a pool thread runs: loads the handlers, builds its parts on the shared memory, joins the pool, tears down.

import { parentPort, workerData } from "node:worker_threads";
import { assert } from "../base/assert.ts";
import { seededRandom } from "../base/seeded-random.ts";
import { codes } from "../recorder/codes.ts";
import type { Recorder } from "../recorder/recorder.ts";
import { makeRecorder } from "../recorder/ring-recorder.ts";
import { StateRow } from "../recorder/state-row.ts";
import type { HeldGuard } from "../sync/held-guards.ts";
import { toPlainError } from "./payload/read-error.ts";
import { TurnContext, type ContextServices } from "./thread/handler-context.ts";
import type { Submit } from "./handler.ts";
import type { HandlerModule } from "./thread/handler-module.ts";
import { stringInterner } from "./memory/intern-strings.ts";
import { loadModule } from "./loader/load-module.ts";
import { monitorName } from "./models/monitor-object.ts";
import { nameThread } from "./thread/name-thread.ts";
import { NamedMemory } from "./memory/named-memory.ts";
import { openPoolMemory, type PoolMemory } from "./memory/pool-memory.ts";
import { Gate } from "./overload/gate.ts";
import { poolParts } from "./pool-setup.ts";
import { osThreadId } from "./thread/os-thread-id.ts";
import { PoolThread } from "./thread/pool-thread.ts";
import { sendOutput } from "./output/thread-output.ts";
import { ownProtocol } from "./promotion/own-protocol.ts";
import type { PromotionProtocol } from "./promotion/which-follower.ts";
import { recordGarbageCollections } from "./thread/record-gc.ts";
import { LoopRecord } from "./thread/record-loop.ts";
import { Submitter } from "./submit/submitter.ts";
import { ThreadIdle } from "./thread/thread-idle.ts";
import type { FromThread, ThreadStart, ToThread } from "./thread/thread-messages.ts";
import { ThreadLocks } from "./thread/thread-locks.ts";
import { RunningTurn } from "./thread/running-turn.ts";
import { ThreadRole } from "./thread/thread-role.ts";
import { outsideTurn } from "./thread/turn.ts";
import { TurnRunner } from "./thread/turn-runner.ts";
import { wrapLibraries } from "./loader/site-holder.ts";
import { watchedLibraries } from "./watch/foreign-libraries.ts";
import { watchBlockingCalls } from "./watch/blocking-calls.ts";
import { watchRawWaits } from "./watch/raw-waits.ts";
import type { CallSites } from "./watch/call-sites.ts";
import { watchWebLocks } from "./watch/web-locks.ts";
import { unseenTeller } from "./watch/unseen.ts";
import { makeWatch } from "./watch/watch.ts";

const start = workerData as ThreadStart;
assert(parentPort !== null, "pool-thread-main runs in a worker thread only");
const port = parentPort;
sendOutput(start.output);

function tell(message: FromThread): void {
  port.postMessage(message);
}

const tellUnseen = unseenTeller((row) => tell({ kind: "unseen", row }));

/** A front thread runs nothing of the person's. */
const noHandlers = {
  kind: "loaded",
  module: {
    handlers: new Map(),
    workload: undefined,
    setup: undefined,
    teardown: undefined,
    degraded: new Map(),
    takesPayload: false,
  },
} as const;

async function main(): Promise<void> {
  nameThread(start.duty === "front" ? "pool-front" : `pool-${start.seat}`);
  const ground = prepareThread();
  const loaded = start.duty === "front" ? noHandlers : await loadModule(start.prepared, tellUnseen);
  if (loaded.kind === "refused") return refuse({ kind: "refused", problem: loaded.problem });
  const thread = assemble(loaded.module, ground, await ownPromotion());
  try {
    await loaded.module.setup?.(thread.ctx);
  } catch (error) {
    return refuse({ kind: "setup-failed", error: toPlainError(error) });
  }
  tell({
    kind: "loaded",
    handlers: handlerNames(loaded.module),
    osThreadId: osThreadId(),
  });
  if ((await thread.told) === "join") {
    tell({ kind: "joined" });
    await thread.pool.join();
  }
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
  /** A spare waits for it. */
  readonly told: Promise<"join" | "leave">;
  stopped(): void;
}

/** Slots name handlers by their place: those that the pool knows keep theirs, be they gone from the module. */
function handlerNames({ handlers }: HandlerModule): readonly string[] {
  return [...new Set([...start.handlers, ...handlers.keys()])];
}

/** What stands before the handlers are loaded: what they import is to be watched from the first. */
interface ThreadGround {
  readonly memory: PoolMemory;
  readonly recorder: Recorder;
  readonly stateRow: StateRow;
  readonly running: RunningTurn;
  readonly internString: (text: string) => number;
  readonly sites: CallSites;
}

function prepareThread(): ThreadGround {
  const { seat, options, prepared } = start;
  const memory = openPoolMemory(start.parts);
  const recorder = makeRecorder(options.level, start.ring, process.hrtime.bigint);
  const stateRow = new StateRow(memory.words, memory.stateRow(seat));
  stateRow.clear();
  const running = new RunningTurn();
  const internString = stringInterner(memory, (id, text) => tell({ kind: "string", id, text }));
  const watch = makeWatch({
    ...{ memory, recorder, stateRow, thread: seat, prepared, internString, tell, tellUnseen },
    currentTurn: () => running.recorded,
  });
  watchBlockingCalls(watch);
  watchRawWaits(watch);
  watchWebLocks(watch);
  if (recorder.locks) wrapLibraries(watchedLibraries(watch));
  return { memory, recorder, stateRow, running, internString, sites: watch.sites };
}

function servicesOf(ground: ThreadGround, locks: ThreadLocks, submit: Submit): ContextServices {
  const { memory, recorder, running, internString } = ground;
  const { seat, options } = start;
  return {
    thread: seat,
    memory,
    recorder,
    submit,
    running,
    synchronizers: locks.named,
    named: new NamedMemory(start.parts.named, locks.named.mutex("poolscope:named-memory")),
    locals: new Map(),
    startNanos: BigInt(start.startNanos),
    internString,
    random: seededRandom(options.seed + seat),
    log: (text) => tell({ kind: "log", text }),
  };
}

function assemble(
  module: HandlerModule,
  ground: ThreadGround,
  own: PromotionProtocol | undefined,
): AssembledThread {
  const { seat, options } = start;
  const { memory, recorder, stateRow, running, sites } = ground;
  const startNanos = BigInt(start.startNanos);
  const parts = poolParts(memory, options, startNanos, own);
  const handlers = handlerNames(module);
  const currentTurn = (): number => running.recorded;
  const locks = new ThreadLocks(memory, seat, recorder, stateRow, sites, running);
  const submitter = new Submitter({
    memory,
    index: seat,
    handlers,
    handleSet: parts.handleSet,
    discipline: parts.discipline,
    model: parts.model.submitSide({ ...parts, memory, recorder, currentTurn }),
    whenFull: options.whenFull,
    recorder,
    spins: false,
    currentTurn,
    nowMicros: parts.nowMicros,
    cancelled: (slot) => tell({ kind: "cancelled", slot }),
  });
  const services = servicesOf(ground, locks, (request, options) => {
    const settled = submitter.submit(request, options);
    pool.submitted();
    return settled;
  });
  const turns = new TurnRunner({
    memory,
    recorder,
    stateRow,
    services,
    running,
    module,
    handlers,
    gate: new Gate(memory, options, handlers, parts.nowMicros),
    releaseLeftovers: (number) => {
      for (const guard of locks.held.releaseTurn(number)) tellLeftover(guard, recorder);
    },
    monitor: parts.model.hasMonitors
      ? (type, object) => locks.named.mutex(monitorName(type, object)).acquire()
      : undefined,
    failed: (event, type, { name, message, stack }) =>
      tell({ kind: "failure", event, type, error: { name, message, stack } }),
    tellUnseen,
  });
  locks.held.onLate = (guard) => tellLeftover(guard, recorder);
  const told = hearSupervisor(turns);
  recordGarbageCollections(recorder, tellUnseen);
  if (recorder.scheduling) recorder.record(codes.threadStarted, 0, 0, osThreadId(), 0, 0, 0);
  const pool = new PoolThread({
    memory,
    seat,
    model: parts.model,
    parts: { ...parts, threads: memory.seats - parts.model.frontThreads, recorder },
    microsOf: parts.microsOf,
    concurrentEvents: options.concurrentEvents,
    role: new ThreadRole(recorder, stateRow),
    turns,
    submitter,
    leaves: () => tell({ kind: "leaves" }),
    idle: new ThreadIdle(memory, seat, new LoopRecord(recorder, tellUnseen)),
  });
  return {
    pool,
    told,
    ctx: new TurnContext(services, outsideTurn),
    stopped: () => {
      if (recorder.scheduling) recorder.record(codes.threadStopped, 0, 0, 0, 0, 0, 0);
    },
  };
}

/** The supervisor has loaded it before, so that a module which is not what it should be is refused there. */
async function ownPromotion(): Promise<PromotionProtocol | undefined> {
  const { promotionModule } = start.options;
  if (promotionModule === undefined) return undefined;
  return ownProtocol(promotionModule, (text) => tell({ kind: "warning", text }));
}

/** Resolves at once for a thread that is no spare. */
function hearSupervisor(turns: TurnRunner): Promise<"join" | "leave"> {
  return new Promise((resolve) => {
    if (start.duty !== "spare") resolve("join");
    port.on("message", (message: ToThread) => {
      if (message.kind === "abort") turns.abort(message.slot);
      else resolve(message.kind);
    });
  });
}

function tellLeftover(
  { turn, lock, name, site, acquisition }: HeldGuard,
  recorder: Recorder,
): void {
  if (recorder.locks) recorder.record(codes.guardLeftHeld, turn, 0, lock, site, 0, acquisition);
  const text = `A handler ended while it held lock "${name}"; the lock was released for it.`;
  tell({ kind: "warning", text });
}

await main();
