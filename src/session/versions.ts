// The two versions of a module that a comparison runs: one from a trace, whose sources stand in place of the files, or one as
// it is on disk. A trace's version runs where the module lies: its imports, node_modules, data files and working folder
// are found as they always were; only the sources are the old ones.

import { existsSync } from "node:fs";
import { basename, dirname, isAbsolute, join } from "node:path";
import { defaultConfiguration, type RunConfiguration } from "../protocol/run-configuration.ts";
import type { Trace } from "../trace/trace.ts";
import { readConfiguration, withSettings } from "./configuration.ts";
import type { VersionToRun } from "./live-comparison.ts";
import { packageFolder } from "./package-folder.ts";

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

/** `beside` is the module that it is compared with: it says where the sources lie when the trace comes from elsewhere. */
export function versionOfTrace(
  trace: Trace,
  path: string,
  beside: string | undefined,
  settings: Readonly<Record<string, string>>,
): FoundVersion {
  const { header, tables } = trace;
  const root = rootOf(header.root, header.module, beside);
  const missing = missingSource(trace, path);
  if (missing !== undefined) return { kind: "refused", problem: missing };
  const recorded = recordedConfiguration(trace);
  const read = withSettings(recorded, settings);
  if (read.kind === "refused") return { ...read, isUsage: true };
  const place = (file: string): string => (isAbsolute(file) ? file : join(root, file));
  return {
    kind: "found",
    version: {
      label: `${basename(header.module)} as it ran ${header.startedAt.slice(0, 16).replace("T", " ")}`,
      module: place(header.module),
      root,
      texts: Object.fromEntries(tables.sources.map((row) => [place(row.path), row.text])),
      configuration: read.configuration,
    },
  };
}

/** `base` is the configuration of the version that it is compared with: what poolscope.json does not say is as it was there. */
export function versionOfModule(
  module: string,
  settings: Readonly<Record<string, string>>,
  base: RunConfiguration = defaultConfiguration,
): FoundVersion {
  const read = readConfiguration(module, settings, base);
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

export function recordedConfiguration({ header }: Trace): RunConfiguration {
  return { ...defaultConfiguration, ...header.configuration };
}

/** The trace's own root where it is on this machine, else the folder in which the other version lies at the same place. */
function rootOf(recorded: string, module: string, beside: string | undefined): string {
  if (existsSync(recorded) || beside === undefined) return recorded;
  const end = join("/", module);
  return beside.endsWith(end) ? beside.slice(0, -end.length) : packageFolder(dirname(beside));
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

function configurationChanges(before: RunConfiguration, after: RunConfiguration): string[] {
  const [first, second] = [Object.entries(before), new Map(Object.entries(after))];
  return first
    .filter(([key]) => !notCompared.has(key))
    .map(([key, value]) => ({ key, was: text(value), is: text(second.get(key)) }))
    .filter(({ was, is }) => was !== is)
    .map(({ key, was, is }) => `${key} ${was} → ${is}`);
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
