// The two versions that a comparison about a run may need: the one that its trace recorded, and its module as it is saved now.

import type { NotCompared } from "../protocol/server-messages.ts";
import { decodeFile } from "../session/decode-file.ts";
import {
  recordedConfiguration,
  versionOfModule,
  versionOfTrace,
  type NamedVersion,
} from "../session/versions.ts";

export interface VersionsOfRun {
  readonly kind: "versions";
  readonly recorded: NamedVersion;
  /** With the configuration of that run. */
  readonly now: NamedVersion;
}

export function versionsOfRun(trace: string): VersionsOfRun | NotCompared {
  const file = decodeFile(trace);
  if (file.kind === "unreadable") return refused(file.problems.join("\n"));
  const recorded = versionOfTrace(file.trace, trace, undefined, {});
  if (recorded.kind === "refused") return refused(recorded.problem);
  const now = versionOfModule(recorded.version.module, {}, recordedConfiguration(file.trace));
  if (now.kind === "refused") return refused(now.problem);
  return { kind: "versions", recorded: recorded.version, now: now.version };
}

export function refused(message: string): NotCompared {
  return { kind: "refused", problem: { message } };
}
