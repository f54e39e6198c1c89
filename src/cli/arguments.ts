// The command line, read: a command, or the one problem with it. Pure.

import { parseArgs } from "node:util";
import { nearest } from "../base/nearest.ts";

export type Command =
  | { readonly kind: "profile"; readonly file: string; readonly options: ProfileOptions }
  | { readonly kind: "report"; readonly trace: string; readonly json: boolean }
  | { readonly kind: "help"; readonly topic: "poolscope" | "profile" | "report" }
  | { readonly kind: "version" }
  | { readonly kind: "usage"; readonly problem: string };

/** As given: strings are checked by configuration.ts. */
export interface ProfileOptions {
  readonly json: boolean;
  readonly out: string | undefined;
  readonly node: string | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

/** Options of `profile` that set a key of the configuration, with what they take. */
export const settingOptions: Readonly<Record<string, string>> = {
  threads: "COUNT",
  promotion: "lifo|fifo",
  when: "eager|on-demand",
  queue: "fifo|priority",
  "when-full": "wait|shed-newest",
  capacity: "EVENTS",
  "concurrent-events": "COUNT",
  retries: "COUNT",
  deadline: "MILLISECONDS",
  workload: "FILE.jsonl|empty:COUNT",
  rate: "EVENTS/S",
  "in-flight": "COUNT",
  duration: "SECONDS",
  events: "COUNT",
  level: "off|scheduling|locks|all",
  "max-failures": "COUNT",
  seed: "NUMBER",
};

const commands = ["profile", "report", "help"];

export function readArguments(argv: readonly string[]): Command {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h")
    return { kind: "help", topic: "poolscope" };
  if (name === "--version" || name === "-v") return { kind: "version" };
  if (rest.includes("--help") || rest.includes("-h")) return helpOn(name);
  if (name === "help") return helpOn(rest[0] ?? "poolscope");
  if (name === "profile") return readProfile(rest);
  if (name === "report") return readReport(rest);
  return usage(`There is no command "${name}".${didYouMean(name, commands)}`);
}

function helpOn(topic: string): Command {
  const known = topic === "profile" || topic === "report" ? topic : "poolscope";
  return { kind: "help", topic: known };
}

function readProfile(argv: readonly string[]): Command {
  const names = [...Object.keys(settingOptions), "out", "node"];
  const read = readOptions(argv, names);
  if (read.kind === "usage") return read;
  const [file, extra] = read.positionals;
  if (file === undefined)
    return usage("profile needs the file with the handlers: poolscope profile FILE");
  if (extra !== undefined) return usage(`profile takes one file; "${extra}" is one too many.`);
  const { out, node, ...settings } = read.values;
  return { kind: "profile", file, options: { json: read.json, out, node, settings } };
}

function readReport(argv: readonly string[]): Command {
  const read = readOptions(argv, []);
  if (read.kind === "usage") return read;
  const [trace, extra] = read.positionals;
  if (trace === undefined) return usage("report needs a trace: poolscope report TRACE.pooltrace");
  if (extra !== undefined) return usage(`report takes one trace; "${extra}" is one too many.`);
  return { kind: "report", trace, json: read.json };
}

type ReadOptions =
  | {
      readonly kind: "read";
      readonly positionals: readonly string[];
      readonly json: boolean;
      readonly values: Readonly<Record<string, string>>;
    }
  | { readonly kind: "usage"; readonly problem: string };

function readOptions(argv: readonly string[], names: readonly string[]): ReadOptions {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals: string[] = [];
  const values: Record<string, string> = {};
  let json = false;
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    if (token.name === "json") json = true;
    else if (!names.includes(token.name)) {
      const hint = didYouMean(token.name, [...names, "json"], "--");
      return usage(`There is no option ${token.rawName}.${hint}`);
    } else if (token.value === undefined) return usage(`Option ${token.rawName} needs a value.`);
    else values[token.name] = token.value;
  }
  return { kind: "read", positionals, json, values };
}

function usage(problem: string): { readonly kind: "usage"; readonly problem: string } {
  return { kind: "usage", problem };
}

function didYouMean(given: string, known: readonly string[], prefix = ""): string {
  const name = nearest(given, known);
  return name === undefined ? "" : ` Did you mean ${prefix}${name}?`;
}
