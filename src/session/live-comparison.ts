// Two versions of a module measured against each other: for each pair two fresh processes that stand still but for the block
// that one of them is told to run. Fresh ones, because two processes of one and the same version differ lastingly (layout
// of memory, what the compiler chose, and when): pairs within one process would take that for a difference of the versions.

import { rmSync } from "node:fs";
import { join } from "node:path";
import type { BlockPair, BlockPlan, VersionBlocks } from "../protocol/block-pairs.ts";
import type { ComparedMetric } from "../protocol/comparison.ts";
import type { RunConfiguration } from "../protocol/run-configuration.ts";
import type {
  BlockResult,
  ModuleVersion,
  OutputLine,
  RunProblem,
} from "../protocol/run-messages.ts";
import { seededRandom } from "../base/seeded-random.ts";
import { planBlocks, warmUpBlocks } from "./block-plan.ts";
import { profile, type ProfileRun } from "./profile.ts";

export interface VersionToRun extends ModuleVersion {
  readonly configuration: RunConfiguration;
}

export interface ComparisonRequest {
  readonly before: VersionToRun;
  readonly after: VersionToRun;
  readonly metric: ComparedMetric;
  readonly pairs: number;
  /** Of the order within pairs and of the moments of an open arrival. */
  readonly seed: number;
  /** Folder for the traces: before-1.pooltrace, after-1.pooltrace and so on. */
  readonly out: string;
  readonly node: string;
  readonly runner: URL;
}

export interface ComparisonListener {
  planned(plan: BlockPlan): void;
  /** After each pair. */
  progress(done: number, pairs: number, millisLeft: number): void;
  output(line: OutputLine): void;
}

/** Which of the two runs: whatever drifts steadily, or bends, falls on both alike (Thue-Morse). */
const blockOrder = [0, 1, 1, 0, 1, 0, 0, 1] as const;

export type Side = "before" | "after";

export type LiveOutcome =
  | { readonly kind: "measured"; readonly plan: BlockPlan; readonly pairs: readonly BlockPair[] }
  | { readonly kind: "refused"; readonly side: Side; readonly problem: RunProblem }
  | { readonly kind: "cut"; readonly side: Side; readonly why: string }
  | { readonly kind: "cancelled" };

/** Thrown within this file, to leave from wherever a run ended. */
class Ended extends Error {
  readonly outcome: LiveOutcome;

  constructor(outcome: LiveOutcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

export class LiveComparison {
  readonly outcome: Promise<LiveOutcome>;
  readonly #request: ComparisonRequest;
  readonly #listener: ComparisonListener;
  readonly #random: () => number;
  readonly #running = new Set<ProfileRun>();
  #cancelled = false;

  constructor(request: ComparisonRequest, listener: ComparisonListener) {
    this.#request = request;
    this.#listener = listener;
    this.#random = seededRandom(request.seed);
    this.outcome = this.#measure();
  }

  /** Ends both processes at once: what a comparison measured so far proves nothing. */
  cancel(): void {
    this.#cancelled = true;
    for (const run of this.#running) run.kill();
  }

  async #measure(): Promise<LiveOutcome> {
    try {
      const plan = await this.#plan();
      this.#listener.planned(plan);
      const pairs: BlockPair[] = [];
      const start = performance.now();
      while (pairs.length < plan.pairs) {
        pairs.push(await this.#pair(plan, pairs.length + 1));
        const each = (performance.now() - start) / pairs.length;
        const left = plan.pairs - pairs.length;
        this.#listener.progress(pairs.length, plan.pairs, left * each);
      }
      return { kind: "measured", plan, pairs };
    } catch (error) {
      if (this.#cancelled) return { kind: "cancelled" };
      if (error instanceof Ended) return error.outcome;
      throw error;
    } finally {
      await this.#endAll();
    }
  }

  /** How long a block must be, found with processes of their own: those of the pairs begin all alike. */
  async #plan(): Promise<BlockPlan> {
    const [before, after] = await this.#startBoth("trial");
    const { metric, pairs } = this.#request;
    const plan = await planBlocks(metric, pairs, this.#request.before.configuration, {
      before: (params) => before.block(params),
      after: (params) => after.block(params),
    });
    await this.#endAll();
    for (const { measured } of [before, after]) rmSync(measured.trace);
    return plan;
  }

  async #pair(plan: BlockPlan, number: number): Promise<BlockPair> {
    const [before, after] = await this.#startBoth(String(number));
    const first: Side = this.#random() < 0.5 ? "before" : "after";
    const order = first === "before" ? ([before, after] as const) : ([after, before] as const);
    // Each version's next block is the same for both: the same events, the same moments.
    const seed = (block: number): number => this.#request.seed + block;
    for (let block = 0; block < warmUpBlocks; block++) {
      for (const version of order) await version.warmUp({ ...plan.warmUp, seed: seed(block) });
    }
    for (const [index, which] of blockOrder.slice(0, 2 * plan.blocks).entries()) {
      const block = warmUpBlocks + Math.floor(index / 2);
      await order[which].count({ ...plan.block, seed: seed(block) });
    }
    await this.#endAll();
    return { first, before: before.measured, after: after.measured };
  }

  async #startBoth(name: string): Promise<[StartedVersion, StartedVersion]> {
    const start = (side: Side): Promise<StartedVersion> => this.#start(side, name);
    const [before, after] = await Promise.all([start("before"), start("after")]);
    return [before, after];
  }

  #start(side: Side, name: string): Promise<StartedVersion> {
    if (this.#cancelled) throw new Ended({ kind: "cancelled" });
    const { node, runner, out } = this.#request;
    const { module, root, texts, configuration } = this.#request[side];
    const { before } = this.#request;
    const trace = join(out, `${side}-${name}.pooltrace`);
    const workload = { module: before.module, root: before.root, texts: before.texts };
    return new Promise((resolve, reject) => {
      const run = profile(
        // The workload is the older version's, and so is where it reads from.
        {
          module,
          root,
          configuration: {
            ...configuration,
            workload: before.configuration.workload,
            // What a measurement gives up is no work that was lost.
            deadLetters: undefined,
          },
          blocks: { texts, workload },
          out: trace,
          node,
          runner,
        },
        {
          started: () => resolve(new StartedVersion(run, side, trace)),
          progress: ignore,
          output: (line) => this.#listener.output(line),
          failure: ignore,
          warning: (text) => this.#listener.output({ thread: "main", stream: "stderr", text }),
        },
      );
      this.#running.add(run);
      // Before it has started only; later this promise is settled, and block() tells.
      void run.outcome.then((outcome) => {
        this.#running.delete(run);
        if (outcome.kind === "refused")
          reject(new Ended({ kind: "refused", side, problem: outcome.problem }));
        else reject(endOf(side, outcome.kind === "cut" ? outcome.why : outcome.ended.message));
      });
    });
  }

  async #endAll(): Promise<void> {
    const runs = [...this.#running];
    for (const run of runs) run.stop();
    await Promise.all(runs.map((run) => run.outcome));
  }
}

function endOf(side: Side, why: string): Ended {
  return new Ended({ kind: "cut", side, why });
}

function ignore(): void {
  return undefined;
}

/** A version in a process that stands still between its blocks. */
class StartedVersion {
  readonly #run: ProfileRun;
  readonly #side: Side;
  readonly #trace: string;
  readonly #warmUp: BlockResult[] = [];
  readonly #blocks: BlockResult[] = [];

  constructor(run: ProfileRun, side: Side, trace: string) {
    this.#run = run;
    this.#side = side;
    this.#trace = trace;
  }

  get measured(): VersionBlocks {
    return { warmUp: this.#warmUp, blocks: this.#blocks, trace: this.#trace };
  }

  async block(params: Parameters<ProfileRun["block"]>[0]): Promise<BlockResult> {
    const answer = await this.#run.block(params);
    if (answer?.kind === "done") return answer.block;
    if (answer !== undefined) {
      throw new Ended({ kind: "refused", side: this.#side, problem: answer.problem });
    }
    const outcome = await this.#run.outcome;
    throw endOf(this.#side, outcome.kind === "cut" ? outcome.why : "the run ended");
  }

  async warmUp(params: Parameters<ProfileRun["block"]>[0]): Promise<void> {
    this.#warmUp.push(await this.block(params));
  }

  async count(params: Parameters<ProfileRun["block"]>[0]): Promise<void> {
    this.#blocks.push(await this.block(params));
  }
}
