// What follows `poolscope models`.

import { defaultRounds } from "../session/compare-models.ts";
import { readOptions, usage, type Usage } from "./read-options.ts";

export interface ModelsOptions {
  readonly file: string;
  readonly json: boolean;
  /** Traces of these names in the folder `out` may be replaced. */
  readonly force: boolean;
  readonly rounds: number;
  readonly out: string | undefined;
  readonly node: string | undefined;
  /** Of all models, by option name. */
  readonly settings: Readonly<Record<string, string>>;
}

const mostRounds = 100;

export type ReadModels = { readonly kind: "models"; readonly options: ModelsOptions } | Usage;

export function readModels(argv: readonly string[], settingNames: readonly string[]): ReadModels {
  const names = settingNames.filter((name) => name !== "model");
  const read = readOptions(argv, [...names, "rounds", "out", "node"], ["json", "force"]);
  if (read.kind === "usage") return read;
  const [file, extra] = read.positionals;
  if (file === undefined)
    return usage("models needs the file with the handlers: poolscope models FILE");
  if (extra !== undefined) return usage(`models takes one file; "${extra}" is one too many.`);
  const { rounds: given = String(defaultRounds), out, node, ...settings } = read.values;
  const rounds = Number(given);
  if (!Number.isInteger(rounds) || rounds < defaultRounds || rounds > mostRounds)
    return usage(
      `--rounds: give a whole number from ${defaultRounds} to ${mostRounds}; fewer can't tell.`,
    );
  return {
    kind: "models",
    options: {
      file,
      json: read.flags.has("json"),
      force: read.flags.has("force"),
      rounds,
      out,
      node,
      settings,
    },
  };
}
