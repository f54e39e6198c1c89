// The two versions of a module that a comparison runs: one from a trace, whose sources stand in place of the files, or one as
// it is on disk. A trace's version runs where the module lies: its imports, node_modules, data files and working folder
// are found as they always were; only the sources are the old ones.

import { basename, dirname, isAbsolute, join } from "node:path";
import { defaultConfiguration, type RunConfiguration } from "../protocol/run-configuration.ts";
import { keptConfiguration } from "../trace/secrets.ts";
import type { Trace } from "../trace/trace.ts";
import { readConfiguration, withSettings } from "./configuration.ts";
import type { VersionToRun } from "./live-comparison.ts";
import { packageFolder } from "./package-folder.ts";
import { recordedSettings, type RecordedSettings } from "./recorded-settings.ts";
import type { TracePlace } from "./trace-place.ts";
import type { TrustedTrace } from "./trust/trusted-trace.ts";

/** Where the person says nothing else: pairs of blocks, and what counts as no difference, as a share. */
export const defaultPairs = 12;
export const defaultMargin = 0.05;

export interface NamedVersion extends VersionToRun {
  /** For the person. */
  readonly label: string;
}

export type FoundVersion =
  | { readonly kind: "found"; readonly version: NamedVersion }
  /** `isUsage` when a configuration or an option is wrong rather than the trace. */
  | { readonly kind: "refused"; readonly problem: string; readonly isUsage?: boolean };

/** `place` is where its module lies here, whose own configuration says what the trace may not: see recorded-settings.ts. */
export function versionOfTrace(
  trusted: TrustedTrace,
  place: TracePlace,
  settings: Readonly<Record<string, string>>,
): FoundVersion {
  const { path } = trusted;
  const { header, tables } = trusted.trace;
  const missing = missingSource(trusted.trace, path);
  if (missing !== undefined) return { kind: "refused", problem: missing };
  const { config, ...others } = settings;
  const own = readConfiguration(place.configuredBy, config === undefined ? {} : { config });
  if (own.kind === "refused") return { ...own, isUsage: true };
  const recorded = recordedSettings(trusted);
  if (recorded.kind === "refused") return recorded;
  const read = withSettings({ ...own.configuration, ...recorded.settings }, others);
  if (read.kind === "refused") return { ...read, isUsage: true };
  const placed = (file: string): string => (isAbsolute(file) ? file : join(place.root, file));
  return {
    kind: "found",
    version: {
      label: `${basename(header.module)} as it ran ${header.startedAt.slice(0, 16).replace("T", " ")}`,
      module: place.module,
      root: place.root,
      texts: Object.fromEntries(tables.sources.map((row) => [placed(row.path), row.text])),
      configuration: read.configuration,
    },
  };
}

/** What its poolscope.json does not say of the pool is as it was in the trace that it is compared with. */
export function versionOfModule(
  module: string,
  settings: Readonly<Record<string, string>>,
  comparedWith?: TrustedTrace,
): FoundVersion {
  const base: RecordedSettings =
    comparedWith === undefined ? { kind: "read", settings: {} } : recordedSettings(comparedWith);
  if (base.kind === "refused") return base;
  const read = readConfiguration(module, settings, { ...defaultConfiguration, ...base.settings });
  if (read.kind === "refused") return { ...read, isUsage: true };
  return {
    kind: "found",
    version: {
      label: `${basename(module)} as it is now`,
      module,
      root: packageFolder(dirname(module)),
      texts: {},
      configuration: read.configuration,
    },
  };
}

function missingSource({ header, tables }: Trace, path: string): string | undefined {
  if (tables.sources.some((row) => row.path === header.module)) return undefined;
  return `${path} holds no source of ${header.module}: the trace was cut too early, or comes from a program of its own.`;
}

/** Neither is the pool's: the comparison sets them, or they are read by others. */
const notCompared = new Set<string>([
  ...["workload", "arrival", "duration", "events", "maxFailures", "maxTraceBytes", "rules"],
  "deadLetters",
]);

/** Whether two values differ is told of all keys; values of the environment and of arguments themselves are told of none. */
function configurationChanges(before: RunConfiguration, after: RunConfiguration): string[] {
  const [first, second] = [{ ...before }, { ...after }] as Readonly<Record<string, unknown>>[];
  const [firstKept, secondKept] = [
    keptConfiguration({ ...before }),
    keptConfiguration({ ...after }),
  ];
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys]
    .filter((key) => !notCompared.has(key) && text(first?.[key]) !== text(second?.[key]))
    .map((key) => {
      const [was, is] = [text(firstKept[key]), text(secondKept[key])];
      return was === is ? `${key} (in values that are not shown)` : `${key} ${was} → ${is}`;
    });
}

function text(value: unknown): string {
  if (value === undefined) return "not set";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What should be known of the two before their figures are believed. Whole sentences. */
export function versionNotes(before: VersionToRun, after: VersionToRun): string[] {
  const changes = configurationChanges(before.configuration, after.configuration);
  const isRestored = [before, after].some(({ texts }) => Object.keys(texts).length > 0);
  return [
    ...(changes.length === 0 ? [] : [`The configuration differs too: ${changes.join(", ")}.`]),
    ...(isRestored
      ? [
          "Of an earlier version the sources are restored; data files, node_modules, the environment and Node are as they are now.",
        ]
      : []),
    ...(before.module === after.module
      ? []
      : ["Both versions got the events of the first one's workload."]),
  ];
}
