// The command line, read: a command, or the one problem with it. Pure.

import { concurrencyModels } from "../protocol/run-configuration.ts";
import { readCompare, type CompareOptions } from "./compare-arguments.ts";
import { readModels, type ModelsOptions } from "./models-arguments.ts";
import { readRamp, type RampOptions } from "./ramp-arguments.ts";
import { didYouMean, readOptions, usage } from "./read-options.ts";

export type Command =
  | { readonly kind: "profile"; readonly file: string; readonly options: ProfileOptions }
  | { readonly kind: "report"; readonly trace: string; readonly format: ReportFormat }
  | { readonly kind: "compare"; readonly options: CompareOptions }
  | { readonly kind: "models"; readonly options: ModelsOptions }
  | { readonly kind: "ramp"; readonly options: RampOptions }
  | { readonly kind: "check"; readonly trace: string; readonly budget: string | undefined }
  | DeadLettersCommand
  | { readonly kind: "help"; readonly topic: HelpTopic }
  | { readonly kind: "version" }
  | { readonly kind: "usage"; readonly problem: string };

export interface DeadLettersCommand {
  readonly kind: "dead-letters";
  readonly file: string;
  readonly json: boolean;
  /** Module whose handlers are to run the events again. */
  readonly run: string | undefined;
}

export const reportFormats = ["json", "markdown", "sarif"] as const;
export type ReportFormat = "text" | (typeof reportFormats)[number];

const commands = [
  "profile",
  "report",
  "compare",
  "models",
  "ramp",
  "check",
  "dead-letters",
] as const;
export type HelpTopic = "poolscope" | (typeof commands)[number];

/** As given: strings are checked by configuration.ts. */
export interface ProfileOptions {
  readonly json: boolean;
  /** A trace that lies at `out` may be replaced. */
  readonly force: boolean;
  readonly out: string | undefined;
  readonly node: string | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

/** Options of `profile` that set a key of the configuration, with what they take. */
export const settingOptions: Readonly<Record<string, string>> = {
  config: "FILE.json (in place of the nearest poolscope.json)",
  threads: "COUNT",
  model: concurrencyModels.join("|"),
  association: "unbound|bound|hybrid (events of one key or type, or of one key, on one thread)",
  "exclusive-keys": "true|false (events of one key one at a time, on any thread)",
  "handle-sets": "COUNT (each with a leader of its own)",
  promotion: "lifo|fifo|priority|load|speed",
  when: "eager|barge|on-demand|late (the mistake: after the handler)",
  queue: "fifo|priority|deadline",
  "when-full": "wait|shed-newest|shed-oldest|shed-lowest",
  admission: "none|codel",
  "break-after": "FAILURES",
  "break-millis": "MILLISECONDS",
  "thread-memory": "MIB",
  capacity: "EVENTS",
  "concurrent-events": "COUNT",
  retries: "COUNT",
  deadline: "MILLISECONDS",
  grace: "MILLISECONDS",
  "max-threads": "COUNT",
  "log-level": "none|error|warn|info|debug (what happens to the pool itself)",
  affinity: "none|spread|compact|PROCESSORS (such as 0,2-3)",
  watch: "true|false",
  "spare-threads": "COUNT",
  "dead-letters": "FILE.jsonl",
  workload: "FILE.jsonl|empty:COUNT",
  rate: "EVENTS/S",
  "in-flight": "COUNT",
  duration: "SECONDS",
  events: "COUNT",
  level: "off|scheduling|locks|all",
  "max-failures": "COUNT",
  seed: "NUMBER",
};

export function readArguments(argv: readonly string[]): Command {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h")
    return { kind: "help", topic: "poolscope" };
  if (name === "--version" || name === "-v") return { kind: "version" };
  if (rest.includes("--help") || rest.includes("-h")) return helpOn(name);
  if (name === "help") return helpOn(rest[0] ?? "poolscope");
  if (name === "profile") return readProfile(rest);
  if (name === "report") return readReport(rest);
  if (name === "compare") return readCompare(rest, Object.keys(settingOptions));
  if (name === "models") return readModels(rest, Object.keys(settingOptions));
  if (name === "ramp") return readRamp(rest, Object.keys(settingOptions));
  if (name === "check") return readCheck(rest);
  if (name === "dead-letters") return readDeadLetters(rest);
  return usage(`There is no command "${name}".${didYouMean(name, [...commands, "help"])}`);
}

function helpOn(topic: string): Command {
  return { kind: "help", topic: commands.find((each) => each === topic) ?? "poolscope" };
}

function readProfile(argv: readonly string[]): Command {
  const names = [...Object.keys(settingOptions), "out", "node"];
  const read = readOptions(argv, names, ["json", "force"]);
  if (read.kind === "usage") return read;
  const [file, extra] = read.positionals;
  if (file === undefined)
    return usage("profile needs the file with the handlers: poolscope profile FILE");
  if (extra !== undefined) return usage(`profile takes one file; "${extra}" is one too many.`);
  const { out, node, ...settings } = read.values;
  const [json, force] = [read.flags.has("json"), read.flags.has("force")];
  return { kind: "profile", file, options: { json, force, out, node, settings } };
}

function readReport(argv: readonly string[]): Command {
  const read = readOptions(argv, [], reportFormats);
  if (read.kind === "usage") return read;
  const [trace, extra] = read.positionals;
  if (trace === undefined) return usage("report needs a trace: poolscope report TRACE.pooltrace");
  if (extra !== undefined) return usage(`report takes one trace; "${extra}" is one too many.`);
  const [format = "text", second] = reportFormats.filter((each) => read.flags.has(each));
  if (second !== undefined) return usage(`--${format} and --${second} exclude each other.`);
  return { kind: "report", trace, format };
}

function readCheck(argv: readonly string[]): Command {
  const read = readOptions(argv, ["budget"], []);
  if (read.kind === "usage") return read;
  const [trace, extra] = read.positionals;
  if (trace === undefined) return usage("check needs a trace: poolscope check TRACE.pooltrace");
  if (extra !== undefined) return usage(`check takes one trace; "${extra}" is one too many.`);
  return { kind: "check", trace, budget: read.values["budget"] };
}

function readDeadLetters(argv: readonly string[]): Command {
  const read = readOptions(argv, ["run"], ["json"]);
  if (read.kind === "usage") return read;
  const [file, extra] = read.positionals;
  if (file === undefined) return usage("dead-letters needs a file: poolscope dead-letters FILE");
  if (extra !== undefined) return usage(`dead-letters takes one file; "${extra}" is one too many.`);
  return { kind: "dead-letters", file, json: read.flags.has("json"), run: read.values["run"] };
}
