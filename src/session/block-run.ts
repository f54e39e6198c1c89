// A module in a process that stands still between the blocks that it is told to run. What ends it, or keeps it from starting,
// comes as one error to whoever waits for it.

import type { BlockParams, BlockResult, OutputLine, RunProblem } from "../protocol/run-messages.ts";
import { profile, type ProfileRequest, type ProfileRun } from "./profile.ts";

export class BlockRunEnded extends Error {
  /** Undefined when the process was cut rather than refused. */
  readonly problem: RunProblem | undefined;

  constructor(why: string, problem?: RunProblem) {
    super(why);
    this.problem = problem;
  }
}

export class BlockRun {
  readonly trace: string;
  readonly #run: ProfileRun;
  #isOver = false;

  private constructor(run: ProfileRun, trace: string) {
    this.#run = run;
    this.trace = trace;
    void run.outcome.then(() => {
      this.#isOver = true;
    });
  }

  /** Rejects with BlockRunEnded. */
  static start(
    request: Omit<ProfileRequest, "blocks">,
    output: (line: OutputLine) => void,
  ): Promise<BlockRun> {
    const { module, root, out } = request;
    const workload = { module, root, texts: {} };
    return new Promise((resolve, reject) => {
      const run = profile(
        { ...request, blocks: { texts: {}, workload } },
        {
          started: () => resolve(new BlockRun(run, out)),
          progress: ignore,
          output,
          failure: ignore,
          warning: (text) => output({ thread: "main", stream: "stderr", text }),
        },
      );
      // Before it has started only; later this promise is settled, and block() tells.
      void run.outcome.then((outcome) => {
        if (outcome.kind === "ended") reject(new BlockRunEnded(outcome.ended.message));
        else if (outcome.kind === "cut") reject(new BlockRunEnded(outcome.why));
        else reject(new BlockRunEnded(outcome.problem.message, outcome.problem));
      });
    });
  }

  /** Rejects with BlockRunEnded. */
  async block(params: BlockParams): Promise<BlockResult> {
    const answer = await this.#run.block(params);
    if (answer?.kind === "done") return answer.block;
    if (answer !== undefined) throw new BlockRunEnded(answer.problem.message, answer.problem);
    const outcome = await this.#run.outcome;
    throw new BlockRunEnded(outcome.kind === "cut" ? outcome.why : "the run ended");
  }

  /** Resolves when its process is gone and its trace is whole. */
  async end(): Promise<void> {
    if (!this.#isOver) this.#run.stop();
    await this.#run.outcome;
  }

  kill(): void {
    this.#run.kill();
  }
}

/** Waits for all of them even when one rejects, so that none is still to come when the caller ends those that started. */
export async function allStarted<T>(starting: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(starting);
  return settled.map((each) => {
    if (each.status === "rejected") throw each.reason;
    return each.value;
  });
}

function ignore(): void {
  return undefined;
}
