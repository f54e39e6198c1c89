// The concurrency models by their names, as options and traces have them.

import type { ConcurrencyModel } from "../../trace/header.ts";
import { activeObject } from "./active-object.ts";
import { eventLoop } from "./event-loop.ts";
import { halfSyncHalfAsync } from "./half-sync-half-async.ts";
import { leaderFollowers } from "./leader-followers.ts";
import { monitorObject } from "./monitor-object.ts";
import type { PoolModel } from "./pool-model.ts";

export type ModelName = Exclude<ConcurrencyModel, "foreign-pool">;

export const modelNamed: Readonly<Record<ModelName, PoolModel>> = {
  "leader-followers": leaderFollowers,
  "half-sync-half-async": halfSyncHalfAsync,
  "active-object": activeObject,
  "monitor-object": monitorObject,
  "event-loop": eventLoop,
};

export const modelNames: readonly ModelName[] = [
  "leader-followers",
  "half-sync-half-async",
  "active-object",
  "monitor-object",
  "event-loop",
];
