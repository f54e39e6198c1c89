// A run's configuration: defaults, then poolscope.json, then the command line. Each value is checked where it was given.

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { nearest } from "../base/nearest.ts";
import {
  concurrencyModels,
  defaultConfiguration,
  logLevels,
  type RunConfiguration,
} from "../protocol/run-configuration.ts";
import {
  checkAffinity,
  checkBoolean,
  checkBudget,
  checkPath,
  checkRules,
  checkSources,
  checkStrings,
  checkWorkload,
  ConfigurationError,
  existing,
  existingFile,
  existingFolder,
  oneOf,
  whole,
  type Budget,
  type Check,
} from "./check-keys.ts";
import { checkEnvironment, checkFlags, flagsBeside } from "./check-process-keys.ts";
import { lettersFile } from "./letters-file.ts";
import { nearestConfiguration } from "./ignored.ts";

export type ReadConfiguration =
  | { readonly kind: "read"; readonly configuration: RunConfiguration }
  | { readonly kind: "refused"; readonly problem: string };

/** Keys that poolscope.json may have and options may set. */
export const configurationChecks: Readonly<Record<string, Check>> = {
  threads: whole(1, 250),
  model: oneOf(...concurrencyModels),
  association: oneOf("unbound", "bound", "hybrid"),
  exclusiveKeys: checkBoolean,
  handleSets: whole(1, 16),
  promotion: oneOf("lifo", "fifo", "priority", "load", "speed"),
  when: oneOf("eager", "barge", "on-demand", "late"),
  queue: oneOf("fifo", "priority", "deadline"),
  whenFull: oneOf("wait", "shed-newest", "shed-oldest", "shed-lowest"),
  admission: oneOf("none", "codel"),
  breakAfter: whole(0, 1_000_000),
  breakMillis: whole(1, 600_000),
  threadMemory: whole(0, 1_048_576),
  capacity: whole(1, 65_536),
  concurrentEvents: whole(1, 10_000),
  retries: whole(0, 100),
  handlerDeadline: whole(0, 86_400_000),
  handlerGrace: whole(0, 86_400_000),
  maxThreads: whole(1, 250),
  watch: checkBoolean,
  affinity: checkAffinity,
  logLevel: oneOf("none", ...logLevels),
  spareThreads: whole(0, 250),
  deadLetters: checkPath,
  inFlight: whole(1, 65_536),
  rate: whole(1, 10_000_000),
  duration: whole(0, 86_400),
  events: whole(0, 2_000_000_000),
  level: oneOf("off", "scheduling", "locks", "all"),
  maxFailures: whole(0, 2_000_000_000),
  seed: whole(0, 2_147_483_647),
  workload: checkWorkload,
  sources: checkSources,
  cwd: checkPath,
  env: checkEnvironment,
  envFile: checkPath,
  execArgv: checkFlags,
  ignore: checkStrings,
  handlers: checkStrings,
  budget: checkBudget,
  rules: checkRules,
};

const keyOfOption: Readonly<Record<string, string>> = {
  deadline: "handlerDeadline",
  grace: "handlerGrace",
  "exclusive-keys": "exclusiveKeys",
  "handle-sets": "handleSets",
  "max-threads": "maxThreads",
  "spare-threads": "spareThreads",
  "log-level": "logLevel",
  "dead-letters": "deadLetters",
  "in-flight": "inFlight",
  "when-full": "whenFull",
  "break-after": "breakAfter",
  "break-millis": "breakMillis",
  "thread-memory": "threadMemory",
  "concurrent-events": "concurrentEvents",
  "max-failures": "maxFailures",
};

/**
 * `module` is absolute; `settings` are the command line's, by option name, of which `config` names a file to be read in place
 * of the nearest poolscope.json; `base` has what neither says.
 */
export function readConfiguration(
  module: string,
  settings: Readonly<Record<string, string>>,
  base: RunConfiguration = defaultConfiguration,
): ReadConfiguration {
  const { config, ...others } = settings;
  const file = (): string | undefined =>
    config === undefined
      ? nearestConfiguration(dirname(module))
      : existing(resolve(config), "--config");
  return read(() => readFile(file()), others, base);
}

/** A configuration that is known already, such as a trace's, with the command line's settings. */
export function withSettings(
  base: RunConfiguration,
  settings: Readonly<Record<string, string>>,
): ReadConfiguration {
  return read(() => ({}), settings, base);
}

function read(
  file: () => Record<string, unknown>,
  settings: Readonly<Record<string, string>>,
  base: RunConfiguration,
): ReadConfiguration {
  try {
    const given = file();
    for (const [option, value] of Object.entries(settings)) {
      const key = keyOfOption[option] ?? option;
      given[key] = configurationChecks[key]?.(value, `--${option}`);
      given[key] = placed(key, given[key], process.cwd(), `--${option}`);
    }
    return { kind: "read", configuration: complete(given, base) };
  } catch (error) {
    if (error instanceof ConfigurationError) return { kind: "refused", problem: error.message };
    throw error;
  }
}

function readFile(file: string | undefined): Record<string, unknown> {
  if (file === undefined) return {};
  const value = parseJson(file);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigurationError(`${file}: it holds no object.`);
  }
  const checked: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) {
    if (key === "$schema") continue;
    const check = Object.hasOwn(configurationChecks, key) ? configurationChecks[key] : undefined;
    if (check === undefined) {
      const name = nearest(key, Object.keys(configurationChecks));
      const hint = name === undefined ? "" : ` Did you mean "${name}"?`;
      throw new ConfigurationError(`${file}: there is no key "${key}".${hint}`);
    }
    const where = `${file}: ${key}`;
    checked[key] = placed(key, check(each, where), dirname(file), where);
  }
  return checked;
}

/** A checked value with its paths made absolute: they are relative to `folder`, that of the file which says them. */
function placed(key: string, value: unknown, folder: string, where: string): unknown {
  switch (key) {
    case "workload":
      return workloadBeside(value as RunConfiguration["workload"], folder);
    case "sources":
      return sourcesBeside(value as RunConfiguration["sources"], folder);
    case "execArgv":
      return flagsBeside(value as RunConfiguration["execArgv"], folder);
    case "deadLetters":
      return lettersFile(resolve(folder, String(value)), where);
    case "cwd":
      return existingFolder(resolve(folder, String(value)), where);
    case "envFile":
      return existingFile(resolve(folder, String(value)), where);
    default:
      return value;
  }
}

function parseJson(file: string): unknown {
  let text = "";
  try {
    text = readFileSync(file, "utf8");
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const offset = /at position (\d+)/.exec(message)?.[1];
    if (offset === undefined) throw new ConfigurationError(`${file}: ${message}`);
    const before = text.slice(0, Number(offset)).split("\n");
    const place = `${file}:${before.length}:${(before.at(-1) ?? "").length + 1}`;
    throw new ConfigurationError(`${place}: ${message.replace(/ in JSON at position .*$/s, "")}.`);
  }
}

/** What a run may cost, as a poolscope.json says; `poolscope check` holds traces against it. */
export function readBudget(
  file: string | undefined,
):
  | { readonly kind: "read"; readonly budget: Budget }
  | { readonly kind: "refused"; readonly problem: string } {
  try {
    const { budget } = readFile(file);
    if (budget !== undefined) return { kind: "read", budget: budget as Budget };
    const where = file ?? "The trace's module has no poolscope.json near it";
    const problem = `${where}: there is no "budget". Give one: "budget": { "score": 10 }.`;
    return { kind: "refused", problem };
  } catch (error) {
    if (error instanceof ConfigurationError) return { kind: "refused", problem: error.message };
    throw error;
  }
}

function sourcesBeside(
  sources: RunConfiguration["sources"],
  folder: string,
): RunConfiguration["sources"] {
  return sources.map((source) => {
    const { path } = source;
    return typeof path === "string" && path !== ""
      ? { ...source, path: resolve(folder, path) }
      : source;
  });
}

function workloadBeside(
  workload: RunConfiguration["workload"],
  folder: string,
): RunConfiguration["workload"] {
  if (workload.kind !== "json-lines") return workload;
  return { ...workload, path: resolve(folder, workload.path) };
}

function complete(
  given: Readonly<Record<string, unknown>>,
  base: RunConfiguration,
): RunConfiguration {
  const { inFlight, rate, duration, ignore: _, handlers: __, budget: ___, ...rest } = given;
  if (inFlight !== undefined && rate !== undefined) {
    throw new ConfigurationError("--in-flight and --rate exclude each other: give one of them.");
  }
  const arrival: RunConfiguration["arrival"] =
    typeof rate === "number"
      ? { kind: "open", perSecond: rate, spacing: "poisson" }
      : typeof inFlight === "number"
        ? { kind: "closed", inFlight }
        : base.arrival;
  const millis = typeof duration === "number" ? { duration: duration * 1000 } : {};
  return { ...base, ...rest, ...millis, arrival };
}
