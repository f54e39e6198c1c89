// What `--help` prints.

import { settingOptions, type HelpTopic } from "./arguments.ts";
import { defaultRounds } from "../session/compare-models.ts";
import { defaultMargin, defaultPairs } from "../session/versions.ts";

const general = `poolscope: shows which lock your worker threads wait for, who holds it, and at which line.

  poolscope profile FILE [options]   run the handlers in FILE and print where it hurts
  poolscope report TRACE [--json]    print the report of a saved trace
  poolscope compare A B [options]    say whether version B is faster than version A
  poolscope models FILE [options]    the same workload under five concurrency models, side by side
  poolscope ramp FILE [options]      raise the rate until latency bends, say what limits it
  poolscope check TRACE [--budget F] fail when a budget in poolscope.json is passed
  poolscope dead-letters FILE        show the events that a run gave up; run them again
  poolscope COMMAND --help           the options of a command
  poolscope --version

Exit status: 0 done; 1 the answer is no (more handler failures than --max-failures, a budget passed,
compare says slower or results differ) and nothing else; 2 wrong usage or configuration; 3 it could not be done, was
cut, or was ended by SIGTERM or SIGHUP. Ctrl-C ends a run with its report; once more stops at once.
`;

const report = `poolscope report TRACE [--json | --markdown | --sarif]

Prints the report of a .pooltrace file.

  --json       as data (docs/report.schema.json)
  --markdown   for a pull request or a wiki
  --sarif      SARIF 2.1.0: code hosts show the findings at their lines in a review

Findings that are ignored are left out, and marked as suppressed in SARIF: by "ignore" in poolscope.json, or by a
comment on the line or the one before: // poolscope-ignore lock-contention: why it may stay
`;

const compare = `poolscope compare A B [options]

Says whether B is faster than A. Each is a module, or a trace that holds the sources that ran: then these run
again, where they lay. Both versions run in turn, in fresh processes, pair by pair, with the same events. Two traces
are shown side by side as recorded, which proves nothing. Of a trace only settings of the pool are taken: what decides
what runs and where (execArgv, env, cwd, sources ...) comes from the poolscope.json of the module here.

  --metric ${"NAME".padEnd(12)} throughput (default), p50, p99 or lock-wait: the one that decides
  --pairs ${"COUNT".padEnd(13)} fixed beforehand (default ${defaultPairs}); more see smaller changes
  --margin ${"PERCENT".padEnd(12)} what counts as no difference (default ${100 * defaultMargin})
  --out ${"FOLDER".padEnd(15)} keep a trace of each version: before.pooltrace, after.pooltrace
  --force               replace traces of these names that are there
  --node ${"PATH".padEnd(14)} the node that runs both
  --trust-trace         run the sources of a trace that was recorded elsewhere; without it you are asked on a
                        terminal, and refused otherwise
  --json                print the comparison as data
  and the settings of profile (--threads, --workload ...), for both versions

Exit status: 0 faster, no difference, could not tell, or as recorded; 1 slower by more than the margin, or the results
differ; 2 wrong usage; 3 a version could not be run.
`;

const ramp = `poolscope ramp FILE [options]

Runs FILE's workload at twice the rate each time until it can't keep up or its p99 bends, looks closer there, and prints
the knee and what limited it.

  --from               EVENTS/S to begin with (default 100)
  --seconds            SECONDS at each rate (default 2)
  --node               the node that runs the handlers
  --json               print the steps as data
  and the settings of profile (--threads, --workload ...)
`;

const models = `poolscope models FILE [options]

Runs the workload of FILE under each concurrency model (docs/models.md), in fresh processes, interleaved, round by
round, and says which fits, why, and where Leader/Followers loses.

  --rounds ${"COUNT".padEnd(12)} fixed beforehand (default ${defaultRounds}); more see smaller differences
  --out ${"FOLDER".padEnd(15)} keep a trace of each model: MODEL.pooltrace
  --force               replace traces of these names that are there
  --node ${"PATH".padEnd(14)} the node that runs them
  --json                print the comparison as data
  and the settings of profile (--threads, --workload ...), for all models

Exit status: 0 done, 2 wrong usage, 3 it could not be done.
`;

const check = `poolscope check TRACE [--budget poolscope.json]

Holds a trace against the "budget" of a poolscope.json (default: the one nearest to the module) and prints what
passes it:

  "budget": { "score": 10, "p99": { "transfer": 5 }, "lockWait": { "ledger": 20 } }

Each is one number for all, or numbers by name with "*" for the rest. score: 0 to 100, by rule; findings that are
ignored don't count. p99: milliseconds from submit to settled, by event type. lockWait: percent of all thread time,
by lock; one number or "*" is for all locks together.

Exit status: 0 within the budget, 1 a budget is passed, 2 wrong usage or no budget, 3 the trace can't be read or was cut.
`;

const deadLetters = `poolscope dead-letters FILE [--run MODULE] [--json]

Shows the events in FILE, which ended their threads more often than "retries" allows (key "deadLetters" in
poolscope.json). --run MODULE runs them again with MODULE's handlers; FILE is removed once all have completed.
`;

export function helpText(topic: HelpTopic): string {
  if (topic === "poolscope") return general;
  if (topic === "report") return report;
  if (topic === "compare") return compare;
  if (topic === "models") return models;
  if (topic === "ramp") return ramp;
  if (topic === "check") return check;
  if (topic === "dead-letters") return deadLetters;
  const options = Object.entries(settingOptions).map(
    ([name, value]) => `  --${name.padEnd(18)} ${value}`,
  );
  return `poolscope profile FILE [options]

Runs the event handlers that FILE exports in a Leader/Followers pool, writes a trace, prints a report.
Every option can stand in poolscope.json too (docs: poolscope.schema.json).

${options.join("\n")}
  --out                FILE.pooltrace (default: in .poolscope/); nothing that is there is overwritten
  --force              replace a trace that is there, once the new one is whole
  --node               the node that runs the handlers
  --json               print the report as data
`;
}
