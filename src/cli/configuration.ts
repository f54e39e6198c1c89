// A run's configuration: defaults, then poolscope.json, then the command line. Each value is checked where it was given.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { nearest } from "../base/nearest.ts";
import { defaultConfiguration, type RunConfiguration } from "../protocol/run-configuration.ts";

export type ReadConfiguration =
  | { readonly kind: "read"; readonly configuration: RunConfiguration }
  | { readonly kind: "refused"; readonly problem: string };

class ConfigurationError extends Error {}

type Check = (value: unknown, where: string) => unknown;

const whole =
  (least: number, most: number): Check =>
  (value, where) => {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (
      typeof number === "number" &&
      Number.isInteger(number) &&
      number >= least &&
      number <= most
    ) {
      return number;
    }
    throw new ConfigurationError(
      `${where}: ${JSON.stringify(value)} is not allowed; give a whole number from ${least} to ${most}.`,
    );
  };

const oneOf =
  (...allowed: readonly string[]): Check =>
  (value, where) => {
    if (typeof value === "string" && allowed.includes(value)) return value;
    const list = allowed.join(", ");
    throw new ConfigurationError(
      `${where}: ${JSON.stringify(value)} is not allowed; give one of ${list}.`,
    );
  };

/** Keys that poolscope.json may have and options may set. */
const checks: Readonly<Record<string, Check>> = {
  threads: whole(1, 250),
  promotion: oneOf("lifo", "fifo"),
  when: oneOf("eager", "on-demand"),
  queue: oneOf("fifo", "priority"),
  whenFull: oneOf("wait", "shed-newest"),
  capacity: whole(1, 65_536),
  concurrentEvents: whole(1, 10_000),
  retries: whole(0, 100),
  handlerDeadline: whole(0, 86_400_000),
  inFlight: whole(1, 65_536),
  rate: whole(1, 10_000_000),
  duration: whole(0, 86_400),
  events: whole(0, 2_000_000_000),
  level: oneOf("off", "scheduling", "locks", "all"),
  maxFailures: whole(0, 2_000_000_000),
  seed: whole(0, 2_147_483_647),
  workload: checkWorkload,
};

const keyOfOption: Readonly<Record<string, string>> = {
  deadline: "handlerDeadline",
  "in-flight": "inFlight",
  "when-full": "whenFull",
  "concurrent-events": "concurrentEvents",
  "max-failures": "maxFailures",
};

/** `module` is absolute; `settings` are the command line's, by option name. */
export function readConfiguration(
  module: string,
  settings: Readonly<Record<string, string>>,
): ReadConfiguration {
  try {
    const fromFile = readFile(configurationFile(dirname(module)));
    const given: Record<string, unknown> = { ...fromFile };
    for (const [option, value] of Object.entries(settings)) {
      const key = keyOfOption[option] ?? option;
      given[key] = checks[key]?.(value, `--${option}`);
    }
    return { kind: "read", configuration: complete(given) };
  } catch (error) {
    if (error instanceof ConfigurationError) return { kind: "refused", problem: error.message };
    throw error;
  }
}

/** The nearest poolscope.json, no further up than the package. */
function configurationFile(folder: string): string | undefined {
  const file = join(folder, "poolscope.json");
  if (existsSync(file)) return file;
  const parent = dirname(folder);
  if (parent === folder || existsSync(join(folder, "package.json"))) return undefined;
  return configurationFile(parent);
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
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (check === undefined) {
      const name = nearest(key, Object.keys(checks));
      const hint = name === undefined ? "" : ` Did you mean "${name}"?`;
      throw new ConfigurationError(`${file}: there is no key "${key}".${hint}`);
    }
    checked[key] = check(each, `${file}: ${key}`);
    if (key === "workload") checked[key] = beside(checked[key], dirname(file));
  }
  return checked;
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ConfigurationError(
      `${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function checkWorkload(value: unknown, where: string): RunConfiguration["workload"] {
  if (value === "module") return { kind: "module" };
  if (typeof value !== "string" || value === "") {
    throw new ConfigurationError(`${where}: give a JSON Lines file, or empty:COUNT.`);
  }
  const empty = /^empty:(\d+)$/.exec(value);
  if (empty !== null) return { kind: "empty", events: Number(empty[1]) };
  return { kind: "json-lines", path: resolve(value) };
}

function beside(workload: unknown, folder: string): unknown {
  const source = workload as RunConfiguration["workload"];
  if (source.kind !== "json-lines") return source;
  const path = resolve(folder, source.path);
  return { kind: "json-lines", path };
}

function complete(given: Readonly<Record<string, unknown>>): RunConfiguration {
  const { inFlight, rate, duration, ...rest } = given;
  if (inFlight !== undefined && rate !== undefined) {
    throw new ConfigurationError("--in-flight and --rate exclude each other: give one of them.");
  }
  const arrival: RunConfiguration["arrival"] =
    typeof rate === "number"
      ? { kind: "open", perSecond: rate, spacing: "poisson" }
      : { kind: "closed", inFlight: typeof inFlight === "number" ? inFlight : 64 };
  const millis = typeof duration === "number" ? { duration: duration * 1000 } : {};
  return { ...defaultConfiguration, ...rest, ...millis, arrival };
}
