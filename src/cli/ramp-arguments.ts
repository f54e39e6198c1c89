// What follows `poolscope ramp`.

import { readOptions, usage, type Usage } from "./read-options.ts";

export interface RampOptions {
  readonly file: string;
  readonly json: boolean;
  /** Events per second to begin with. */
  readonly from: number;
  /** Of each rate. */
  readonly seconds: number;
  readonly node: string | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

export type ReadRamp = { readonly kind: "ramp"; readonly options: RampOptions } | Usage;

export function readRamp(argv: readonly string[], settingNames: readonly string[]): ReadRamp {
  const own = ["rate", "in-flight", "duration", "events"];
  const names = settingNames.filter((name) => !own.includes(name));
  const read = readOptions(argv, [...names, "from", "seconds", "node"], ["json"]);
  if (read.kind === "usage") return read;
  const [file, extra] = read.positionals;
  if (file === undefined)
    return usage("ramp needs the file with the handlers: poolscope ramp FILE");
  if (extra !== undefined) return usage(`ramp takes one file; "${extra}" is one too many.`);
  const { from: givenFrom = "100", seconds: givenSeconds = "2", node, ...settings } = read.values;
  const from = Number(givenFrom);
  const seconds = Number(givenSeconds);
  if (!Number.isInteger(from) || from < 1 || from > 1_000_000)
    return usage("--from: give a whole number of events/s from 1 to 1000000.");
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 600)
    return usage("--seconds: give a whole number from 1 to 600.");
  const json = read.flags.has("json");
  return { kind: "ramp", options: { file, json, from, seconds, node, settings } };
}
