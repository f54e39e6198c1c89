// What the pool's main thread builds once and all its parts stand on: checked options, shared memory, recording.

import type { Recorder } from "../recorder/recorder.ts";
import { makeRecorder } from "../recorder/ring-recorder.ts";
import { recordingRing } from "../recorder/ring.ts";
import type { SiteRow } from "../trace/tables.ts";
import type { LockTable } from "../sync/lock-table.ts";
import type { CheckedPoolOptions } from "./check-pool-options.ts";
import { bindsEvents, seatsOf } from "./check-together.ts";
import { PoolLog } from "./health/log.ts";
import { stringInterner } from "./memory/intern-strings.ts";
import {
  createPoolMemory,
  lockTableOf,
  type PoolMemory,
  type PoolShape,
} from "./memory/pool-memory.ts";
import type { PoolObserver } from "./pool-observer.ts";
import { modelNamed } from "./models/model-named.ts";
import type { SubmitSide } from "./models/pool-model.ts";
import { poolParts, type PoolParts } from "./pool-setup.ts";
import { storeRegime } from "./memory/regime.ts";
import type { PromotionProtocol } from "./promotion/which-follower.ts";
import { classesOf, disciplines } from "./queue/queue-discipline.ts";
import { RowOrder } from "./supervisor/row-order.ts";
import { Submitter } from "./submit/submitter.ts";

export interface PoolCore {
  readonly options: CheckedPoolOptions;
  readonly observer: PoolObserver;
  readonly log: PoolLog;
  readonly memory: PoolMemory;
  readonly parts: PoolParts;
  /** By trace thread index: 0 main, then the seats, then the workload. */
  readonly rings: readonly SharedArrayBuffer[];
  /** The main thread's own. */
  readonly recorder: Recorder;
  readonly locks: LockTable;
  readonly strings: RowOrder<string>;
  readonly sites: RowOrder<SiteRow>;
  readonly submitSide: SubmitSide;
  readonly startNanos: bigint;
  internString(text: string): number;
}

const unknownSite: SiteRow = { source: -1, file: "", line: 0, column: 0, function: "" };
const outsideTurns = (): number => 0;

/** `sitesKnown`: sites from this index on are first met at run time. `own`: a person's promotion protocol. */
export function makePoolCore(
  options: CheckedPoolOptions,
  observer: PoolObserver,
  sitesKnown: number,
  own: PromotionProtocol | undefined,
): PoolCore {
  const startNanos = process.hrtime.bigint();
  const { capacity, sharedBytes, payloadBytes, handleSets, exclusiveKeys, queue } = options;
  const memory = createPoolMemory({
    ...lanesOf(options),
    ...{ seats: seatsOf(options), handleSets, exclusiveKeys, capacity, sharedBytes, payloadBytes },
  });
  const promotion = own === undefined ? options.promotion : "own";
  storeRegime(memory, { queue, promotion, when: options.when });
  const rings = Array.from({ length: memory.submitters }, () => recordingRing());
  const recorder = makeRecorder(options.level, ringOf(rings, 0), process.hrtime.bigint);
  const parts = poolParts(memory, options, startNanos, own);
  const log = new PoolLog(options.log, (sentence) => observer.warning(sentence));
  const strings = new RowOrder(0, "", (rows) => observer.strings(rows));
  strings.add(0, "");
  return {
    options,
    observer: alsoLogged(observer, log),
    log,
    memory,
    parts,
    submitSide: parts.model.submitSide({ ...parts, memory, recorder, currentTurn: outsideTurns }),
    rings,
    recorder,
    locks: lockTableOf(memory),
    strings,
    sites: new RowOrder(sitesKnown, unknownSite, (rows) => observer.sites(rows)),
    startNanos,
    internString: stringInterner(memory, (id, text) => strings.add(id, text)),
  };
}

/** One for each handle set, of which an active object has none: its events always have their thread. */
function lanesOf(options: CheckedPoolOptions): Pick<PoolShape, "lanes" | "boundLanes" | "classes"> {
  const { model, threads, handleSets, queue } = options;
  const binds = bindsEvents(options);
  if (!binds && handleSets === 1) return {};
  const shared = modelNamed[model].laneForEachThread ? 0 : handleSets;
  const boundLanes = binds ? threads : 0;
  return { lanes: shared + boundLanes, boundLanes, classes: classesOf(disciplines[queue]) };
}

/** What the owner is told as sentences is in the log too. */
function alsoLogged(observer: PoolObserver, log: PoolLog): PoolObserver {
  if (!log.isOn) return observer;
  return {
    ...observer,
    warning: (message) => {
      log.tell("warn", "warning", message);
      observer.warning(message);
    },
    failure: (failure) => {
      const { type, event, name, message } = failure;
      log.tell("debug", "handler-failed", `Event ${event} (${type}) failed: ${name}: ${message}`);
      observer.failure(failure);
    },
  };
}

export function ringOf(rings: readonly SharedArrayBuffer[], thread: number): SharedArrayBuffer {
  const ring = rings[thread];
  if (ring === undefined) throw new Error(`Poolscope defect: no ring for thread ${thread}`);
  return ring;
}

/** A submitter that lives on the main thread: its own, or in place of a thread that is gone. */
export function mainSubmitter(
  core: PoolCore,
  index: number,
  handlers: readonly string[],
  cancelled: (slot: number) => void,
  awaits?: () => void,
): Submitter {
  const { memory, parts, options, recorder, submitSide } = core;
  return new Submitter({
    memory,
    index,
    handlers,
    handleSet: parts.handleSet,
    discipline: parts.discipline,
    model: submitSide,
    whenFull: options.whenFull,
    recorder,
    spins: true,
    awaits,
    currentTurn: outsideTurns,
    nowMicros: parts.nowMicros,
    cancelled,
  });
}
