// Which edits are meant by which remedy of a finding, and by which check of the text.

import type { Remedy } from "../../analysis/report.ts";
import type { StaticRule } from "../static/static-finding.ts";
import { asyncTwin } from "./async-twin.ts";
import { atomicsAdd } from "./atomics-add.ts";
import { globalLockOrder } from "./global-lock-order.ts";
import { moveOutOfLock } from "./move-out-of-lock.ts";
import { moveWaitOutOfLock } from "./move-wait-out-of-lock.ts";
import { notifyOne } from "./notify-one.ts";
import { readWriteLock, stripedLock } from "./other-lock.ts";
import { releaseOnEveryPath } from "./release-on-every-path.ts";
import type { Edit } from "./source-edit.ts";

export type SourceRemedy = Exclude<Remedy["kind"], "configuration">;

export const editsOfRemedy: Readonly<Record<SourceRemedy, readonly Edit[]>> = {
  "scoped-release": [releaseOnEveryPath],
  "move-out-of-lock": [moveOutOfLock, moveWaitOutOfLock],
  "atomics-add": [atomicsAdd],
  "async-twin": [asyncTwin],
  "notify-one": [notifyOne],
  "global-lock-order": [globalLockOrder],
  "read-write-lock": [readWriteLock],
  "striped-lock": [stripedLock],
};

export const editsOfCheck: Readonly<Partial<Record<StaticRule, readonly Edit[]>>> = {
  "await-under-lock": [moveWaitOutOfLock],
  "release-not-on-every-path": [releaseOnEveryPath],
  "sync-call-in-async-handler": [asyncTwin],
};
