// The two versions that a comparison about a run may need: the one that its trace recorded, and its module as it is saved now.

import type { NotCompared } from "../protocol/server-messages.ts";
import { decodeFile } from "../session/decode-file.ts";
import { placeInFolders } from "../session/trace-place.ts";
import { TrustedTrace } from "../session/trust/trusted-trace.ts";
import { versionOfModule, versionOfTrace, type NamedVersion } from "../session/versions.ts";

export interface VersionsOfRun {
  readonly kind: "versions";
  readonly recorded: NamedVersion;
  /** With the settings that the pool had in that run. */
  readonly now: NamedVersion;
}

export interface RunAsked {
  readonly trace: string;
  /** The content that the person agreed to, if they were asked. */
  readonly consent?: string;
  /** What would run: the sources in the trace, or only the module that it names. */
  readonly runs: "sources" | "module";
  /** The folders that the person has opened, in a window that they trust. */
  readonly folders: readonly string[];
}

export function versionsOfRun({
  trace,
  consent: content,
  runs,
  folders,
}: RunAsked): VersionsOfRun | NotCompared {
  const file = decodeFile(trace);
  if (file.kind === "unreadable") return refused(file.problems.join("\n"));
  const consent =
    content === undefined ? ({ kind: "none" } as const) : ({ kind: "content", content } as const);
  const decision = TrustedTrace.decide(file, consent, runs);
  if (decision.kind === "ask") return { kind: "ask-trust", question: decision.question };
  const { trusted } = decision;
  const found = placeInFolders(trusted, folders);
  if (found.kind === "refused") return refused(found.problem);
  const recorded = versionOfTrace(trusted, found.place, {});
  if (recorded.kind === "refused") return refused(recorded.problem);
  const now = versionOfModule(found.place.module, {}, trusted);
  if (now.kind === "refused") return refused(now.problem);
  return { kind: "versions", recorded: recorded.version, now: now.version };
}

export function refused(message: string): NotCompared {
  return { kind: "refused", problem: { message } };
}
