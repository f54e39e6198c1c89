// What the supervisor and a pool thread tell each other. Events and their results do not come this way: they are in
// shared memory.

import type { LoadProblem } from "../loader/load-problem.ts";
import type { Association } from "../models/association.ts";
import type { ModelName } from "../models/model-named.ts";
import type { PreparedModule } from "../loader/prepared-module.ts";
import type { PoolMemoryParts } from "../memory/pool-memory.ts";
import type { OutputSeat } from "../output/thread-output.ts";
import type { PlainError } from "../payload/error-transfer.ts";
import type { PromotionName } from "../promotion/protocols.ts";
import type { MomentName } from "../promotion/when.ts";
import type { Level } from "../../recorder/recorder.ts";
import type { LockRow, SiteRow, UnseenRow } from "../../trace/tables.ts";

export const whenFull = ["wait", "shed-newest", "shed-oldest", "shed-lowest"] as const;
export type WhenFull = (typeof whenFull)[number];

/** The part of the options that every thread needs; all defaults filled in. */
export interface ThreadOptions {
  readonly model: ModelName;
  readonly association: Association;
  readonly promotion: PromotionName;
  /** Module of a protocol of the person's own, in place of `promotion`. */
  readonly promotionModule: string | undefined;
  readonly when: MomentName;
  readonly queue: "fifo" | "priority" | "deadline";
  readonly whenFull: WhenFull;
  readonly admission: "none" | "codel";
  readonly breakAfter: number;
  readonly breakMillis: number;
  readonly concurrentEvents: number;
  readonly level: Level;
  readonly seed: number;
}

/** workerData of a pool thread. */
export interface ThreadStart {
  readonly seat: number;
  readonly name: string;
  readonly parts: PoolMemoryParts;
  readonly ring: SharedArrayBuffer;
  readonly prepared: PreparedModule;
  /** Those that the pool knows by now, in the order in which slots name them. */
  readonly handlers: readonly string[];
  readonly options: ThreadOptions;
  /** hrtime of the pool's start, decimal. */
  readonly startNanos: string;
  /** A spare loads the handlers and waits to be told to join; a front thread hands events over and runs no handlers. */
  readonly duty: "member" | "spare" | "front";
  readonly output: OutputSeat;
}

export type FromThread =
  | { readonly kind: "loaded"; readonly handlers: readonly string[]; readonly osThreadId: number }
  | { readonly kind: "joined" }
  /** It takes no more events, though turns of its may go on. */
  | { readonly kind: "leaves" }
  | { readonly kind: "refused"; readonly problem: LoadProblem }
  | { readonly kind: "setup-failed"; readonly error: PlainError }
  | {
      readonly kind: "failure";
      readonly event: number;
      readonly type: string;
      readonly error: PlainError;
    }
  | { readonly kind: "string"; readonly id: number; readonly text: string }
  | { readonly kind: "site"; readonly id: number; readonly row: SiteRow }
  | { readonly kind: "lock"; readonly row: LockRow }
  | { readonly kind: "cancelled"; readonly slot: number }
  | { readonly kind: "unseen"; readonly row: UnseenRow }
  | { readonly kind: "log"; readonly text: string }
  | { readonly kind: "warning"; readonly text: string };

export type ToThread =
  | { readonly kind: "abort"; readonly slot: number }
  | { readonly kind: "join" }
  | { readonly kind: "leave" };
