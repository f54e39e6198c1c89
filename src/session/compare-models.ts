// The same module under each concurrency model: in each round a fresh process for every model, all standing still but the one
// that runs its block, in an order that is drawn anew. Fresh ones, because two processes of one and the same program
// differ lastingly, which rounds within one process would take for a difference of the models.

import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { seededRandom } from "../base/seeded-random.ts";
import {
  concurrencyModels,
  type ConcurrencyModelName,
  type RunConfiguration,
} from "../protocol/run-configuration.ts";
import type { BlockResult, OutputLine, RunProblem } from "../protocol/run-messages.ts";
import type { Trace } from "../trace/trace.ts";
import { allStarted, BlockRun, BlockRunEnded } from "./block-run.ts";
import { decodeFile } from "./decode-file.ts";
import { planModels, type ModelsPlan } from "./models-plan.ts";

export interface ModelsRequest {
  readonly module: string;
  readonly root: string;
  readonly configuration: RunConfiguration;
  readonly rounds: number;
  /** Folder for the traces; the first round's are kept as MODEL.pooltrace. */
  readonly out: string;
  readonly node: string;
  readonly runner: URL;
}

export interface ModelsListener {
  progress(round: number): void;
  output(line: OutputLine): void;
}

/** One model in one round. */
export interface ModelBlocks {
  /** With as many in flight as the workload says. */
  readonly closed: BlockResult;
  /** At the plan's rate. */
  readonly open: BlockResult;
}

export type MeasuredRound<Figures> = ReadonlyMap<
  ConcurrencyModelName,
  ModelBlocks & { readonly figures: Figures }
>;

export type ModelsOutcome<Figures> =
  | {
      readonly kind: "measured";
      readonly plan: ModelsPlan;
      readonly rounds: readonly MeasuredRound<Figures>[];
      readonly traces: Readonly<Record<ConcurrencyModelName, string>>;
    }
  | { readonly kind: "refused"; readonly problem: RunProblem }
  | { readonly kind: "cut"; readonly why: string }
  | { readonly kind: "cancelled" };

export interface ModelsRun<Figures> {
  /** Never rejects for what is the person's or the machine's doing. */
  readonly outcome: Promise<ModelsOutcome<Figures>>;
  cancel(): void;
}

/** Fewer can't tell anything: see decide.ts. */
export const defaultRounds = 8;

const warmUpBlocks = 2;

/** `figuresOf` is asked for the closed block of each trace. */
export function compareModels<Figures>(
  request: ModelsRequest,
  listener: ModelsListener,
  figuresOf: (trace: Trace, block: BlockResult) => Figures,
): ModelsRun<Figures> {
  const session = new ModelsSession(request, listener, figuresOf);
  return { outcome: session.outcome(), cancel: () => session.cancel() };
}

class ModelsSession<Figures> {
  readonly #request: ModelsRequest;
  readonly #listener: ModelsListener;
  readonly #figuresOf: (trace: Trace, block: BlockResult) => Figures;
  readonly #random: () => number;
  readonly #running = new Set<BlockRun>();
  #cancelled = false;

  constructor(
    request: ModelsRequest,
    listener: ModelsListener,
    figuresOf: (trace: Trace, block: BlockResult) => Figures,
  ) {
    this.#request = request;
    this.#listener = listener;
    this.#figuresOf = figuresOf;
    this.#random = seededRandom(request.configuration.seed);
  }

  cancel(): void {
    this.#cancelled = true;
    for (const run of this.#running) run.kill();
  }

  async outcome(): Promise<ModelsOutcome<Figures>> {
    try {
      return await this.#measure();
    } catch (error) {
      if (this.#cancelled) return { kind: "cancelled" };
      if (!(error instanceof BlockRunEnded)) throw error;
      if (error.problem !== undefined) return { kind: "refused", problem: error.problem };
      return { kind: "cut", why: error.message };
    } finally {
      await this.#endAll();
    }
  }

  async #measure(): Promise<ModelsOutcome<Figures>> {
    const { configuration, rounds } = this.#request;
    this.#listener.progress(0);
    // A model may be tried more than once, and no trace is written over.
    const trials: string[] = [];
    const plan = await planModels(configuration, (model, chosen) => {
      const name = `trial-${trials.length + 1}`;
      trials.push(this.#tracePath(model, name));
      return this.#start(model, chosen, name);
    });
    await this.#endAll();
    for (const trial of trials) rmSync(trial, { force: true });
    const measured: MeasuredRound<Figures>[] = [];
    for (let round = 1; round <= rounds; round++) {
      this.#listener.progress(round);
      measured.push(await this.#round(plan, round));
    }
    const traces = Object.fromEntries(
      concurrencyModels.map((model) => [model, this.#tracePath(model, "")]),
    ) as Record<ConcurrencyModelName, string>;
    return { kind: "measured", plan, rounds: measured, traces };
  }

  async #round(plan: ModelsPlan, round: number): Promise<MeasuredRound<Figures>> {
    const started = await allStarted(
      concurrencyModels.map(async (model) => {
        const run = await this.#start(model, plan.configurations[model], String(round));
        return { model, run };
      }),
    );
    const order = shuffled(started, this.#random);
    const { closed, open } = plan;
    for (let block = 0; block < warmUpBlocks; block++) {
      for (const { run } of order) await run.block({ ...closed, seed: block });
    }
    const blocks = new Map<ConcurrencyModelName, { closed: BlockResult; open: BlockResult }>();
    for (const { model, run } of order) {
      const first = await run.block({ ...closed, seed: round });
      blocks.set(model, { closed: first, open: first });
    }
    for (const { model, run } of order.toReversed()) {
      const known = blocks.get(model);
      if (known !== undefined) known.open = await run.block({ ...open, seed: round });
    }
    await this.#endAll();
    return new Map(
      [...blocks].map(([model, measured]) => {
        const path = this.#tracePath(model, String(round));
        const figures = this.#figuresOf(decoded(path), measured.closed);
        if (round === 1) renameSync(path, this.#tracePath(model, ""));
        else rmSync(path);
        return [model, { ...measured, figures }];
      }),
    );
  }

  async #start(
    model: ConcurrencyModelName,
    configuration: RunConfiguration,
    name: string,
  ): Promise<BlockRun> {
    if (this.#cancelled) throw new BlockRunEnded("cancelled");
    const { module, root, node, runner } = this.#request;
    const out = this.#tracePath(model, name);
    const run = await BlockRun.start({ module, root, configuration, node, runner, out }, (line) =>
      this.#listener.output(line),
    );
    this.#running.add(run);
    // It was asked for while this one started.
    if (this.#cancelled) throw new BlockRunEnded("cancelled");
    return run;
  }

  #tracePath(model: ConcurrencyModelName, name: string): string {
    return join(this.#request.out, `${model}${name === "" ? "" : `-${name}`}.pooltrace`);
  }

  async #endAll(): Promise<void> {
    const runs = [...this.#running];
    this.#running.clear();
    await Promise.all(runs.map((run) => run.end()));
  }
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const drawn = [...items];
  for (let last = drawn.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const [moved] = drawn.splice(other, 1, ...drawn.slice(last, last + 1));
    if (moved !== undefined) drawn[last] = moved;
  }
  return drawn;
}

/** Written by ourselves a moment ago, and ended cleanly. */
function decoded(path: string): Trace {
  const file = decodeFile(path);
  if (file.kind === "unreadable") throw new BlockRunEnded(file.problems.join("\n"));
  return file.trace;
}
