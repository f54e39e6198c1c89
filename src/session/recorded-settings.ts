// What a comparison takes of the configuration in a trace: the settings of the pool and of how much is asked of it, each checked as
// if a person had given it. What decides what runs, where, and with what around it (execArgv, env, envFile, cwd, deadLetters,
// sources, affinity, watch, files of events, the node) is never taken of a trace, whoever recorded it: that is this machine's own.

import {
  defaultConfiguration,
  type Arrival,
  type RunConfiguration,
} from "../protocol/run-configuration.ts";
import { ConfigurationError, oneOf, whole, type Check } from "./check-keys.ts";
import { configurationChecks } from "./configuration.ts";
import type { TrustedTrace } from "./trust/trusted-trace.ts";

/** Keys that a person may give too, and are checked as theirs. */
const givenKeys = [
  ...["model", "association", "exclusiveKeys", "handleSets", "threads", "promotion", "when"],
  ...["queue", "whenFull", "admission", "breakAfter", "breakMillis", "threadMemory", "capacity"],
  ...["concurrentEvents", "retries", "handlerDeadline", "handlerGrace", "maxThreads"],
  ...["spareThreads", "events", "level", "seed"],
] as const;

const dayMillis = 86_400_000;

/** As a run's configuration has them; a person gives them in another form, or not at all. */
const completedKeys: Readonly<Record<string, Check>> = {
  arrival: checkArrival,
  duration: whole(0, dayMillis),
  sharedBytes: whole(1, 2 ** 31),
};

export type RecordedSettings =
  | { readonly kind: "read"; readonly settings: Partial<RunConfiguration> }
  | { readonly kind: "refused"; readonly problem: string };

/** All of them: what the trace does not say was the default then. */
export function recordedSettings({ trace, path, recordedHere }: TrustedTrace): RecordedSettings {
  const { configuration } = trace.header;
  const settings: Record<string, unknown> = {};
  try {
    for (const [key, check] of recordedChecks()) {
      settings[key] = Object.hasOwn(configuration, key)
        ? check(configuration[key], `${path}: ${key} of its configuration`)
        : defaultConfiguration[key as keyof RunConfiguration];
    }
    const workload = recordedWorkload(configuration["workload"], recordedHere);
    return { kind: "read", settings: { ...settings, ...(workload && { workload }) } };
  } catch (error) {
    if (error instanceof ConfigurationError) return { kind: "refused", problem: error.message };
    throw error;
  }
}

/** Events that need no file. A file of them only of a run of ours, which had it from this machine. */
function recordedWorkload(
  value: unknown,
  recordedHere: boolean,
): RunConfiguration["workload"] | undefined {
  const { kind, path, events } = fieldsOf(value);
  if (kind === "json-lines" && typeof path === "string" && recordedHere) return { kind, path };
  if (kind === "empty") {
    return { kind, events: whole(0, 2_000_000_000)(events, "workload, events") as number };
  }
  return kind === "module" ? { kind } : undefined;
}

function recordedChecks(): [string, Check][] {
  const given = givenKeys.flatMap((key): [string, Check][] => {
    const check = configurationChecks[key];
    return check === undefined ? [] : [[key, check]];
  });
  return [...given, ...Object.entries(completedKeys)];
}

function checkArrival(value: unknown, where: string): Arrival {
  const arrival = fieldsOf(value);
  const kind = oneOf("closed", "open")(arrival.kind, `${where}, kind`) as Arrival["kind"];
  if (kind === "closed") {
    const inFlight = whole(1, 65_536)(arrival.inFlight, `${where}, inFlight`) as number;
    return { kind, inFlight };
  }
  const perSecond = whole(1, 10_000_000)(arrival.perSecond, `${where}, perSecond`) as number;
  const spacing = oneOf("constant", "poisson")(arrival.spacing, `${where}, spacing`);
  return { kind, perSecond, spacing: spacing as "constant" | "poisson" };
}

type FieldName = "kind" | "inFlight" | "perSecond" | "spacing" | "path" | "events";

function fieldsOf(value: unknown): Readonly<Partial<Record<FieldName, unknown>>> {
  return typeof value === "object" && value !== null ? value : {};
}
