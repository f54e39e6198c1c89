// The one run that may be going on: started for the editor, its trace open from the first byte, its end told once.

import { dirname } from "node:path";
import type {
  OutputParams,
  ProfileAnswer,
  ProfileParams,
  ProgressParams,
} from "../protocol/server-messages.ts";
import { readConfiguration } from "../session/configuration.ts";
import { findNodeFor, ownNode } from "../session/find-node.ts";
import { packageFolder } from "../session/package-folder.ts";
import { profile, type ProfileOutcome, type ProfileRun } from "../session/profile.ts";
import type { TraceRegistry } from "./trace-registry.ts";
import type { RunFindings } from "./trace-thread-messages.ts";

export interface RunListener {
  started(trace: string): void;
  progress(params: ProgressParams): void;
  output(params: OutputParams): void;
  /** In a deadlock; what is known of it can be shown while the run is being ended. */
  hangs(trace: string, findings: RunFindings): void;
}

export class RunSession {
  readonly #traces: TraceRegistry;
  readonly #runner: URL;
  readonly #listener: RunListener;
  #run: ProfileRun | undefined;

  constructor(traces: TraceRegistry, runner: URL, listener: RunListener) {
    this.#traces = traces;
    this.#runner = runner;
    this.#listener = listener;
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  stop(): void {
    this.#run?.stop();
  }

  kill(): void {
    this.#run?.kill();
  }

  /** The answer, and what was found unless nothing could be read. */
  async profile(
    params: ProfileParams,
  ): Promise<{ readonly answer: ProfileAnswer; readonly findings: RunFindings | undefined }> {
    const { module, out, node, settings, previous } = params;
    const read = readConfiguration(module, settings);
    if (read.kind === "refused") {
      const answer: ProfileAnswer = { kind: "refused", problem: { message: read.problem } };
      return { answer, findings: undefined };
    }
    const found = params.useOwnNode ? ownNode : findNodeFor(node, dirname(module));
    if (found === undefined) return { answer: { kind: "no-node" }, findings: undefined };
    if (found.kind === "refused") {
      const answer: ProfileAnswer = { kind: "refused", problem: { message: found.problem } };
      return { answer, findings: undefined };
    }
    const { maxTraceBytes } = params;
    const run = profile(
      {
        module,
        root: packageFolder(dirname(module)),
        configuration: { ...read.configuration, maxTraceBytes, watch: true },
        out,
        node: found.path,
        runner: this.#runner,
      },
      this.#listenerFor(out),
    );
    this.#run = run;
    this.#log(`Node ${found.path} (${found.because})`);
    const trace = this.#traces.runStarted(out, previous);
    void trace.hangs.then(({ sentence, findings: found }) => {
      this.#log(`${sentence} The run is ended.`);
      this.#listener.hangs(out, found);
      run.stop({ reason: "failed", message: sentence });
    });
    const outcome = await run.outcome;
    this.#run = undefined;
    if (outcome.kind === "cut") this.#traces.runCut(trace, outcome.why);
    trace.ended(outcome.kind === "cut" ? outcome.why : undefined);
    const findings = outcome.kind === "refused" ? undefined : await trace.findings;
    this.#traces.runEnded(trace);
    return { answer: answerOf(outcome, findings), findings };
  }

  #listenerFor(trace: string): Parameters<typeof profile>[1] {
    return {
      started: (handlers) => {
        this.#log(`Handlers: ${handlers.join(", ")}`);
        this.#listener.started(trace);
      },
      progress: (progress) => this.#listener.progress({ trace, progress }),
      output: (line) => this.#listener.output(line),
      failure: ({ type, event, thread, name, message, stack }) =>
        this.#listener.output({
          thread,
          stream: "stderr",
          text: `event ${event} (${type}) failed: ${stack === "" ? `${name}: ${message}` : stack}`,
        }),
      warning: (text) => this.#log(text),
    };
  }

  #log(text: string): void {
    this.#listener.output({ thread: "", stream: "log", text });
  }
}

function answerOf(outcome: ProfileOutcome, findings: RunFindings | undefined): ProfileAnswer {
  const summary = findings?.summary;
  switch (outcome.kind) {
    case "refused":
      return { kind: "refused", problem: outcome.problem };
    case "cut":
      return { kind: "cut", why: outcome.why, summary };
    case "ended": {
      const { reason, message } = outcome.ended;
      return { kind: "ended", reason, message, summary };
    }
  }
}
