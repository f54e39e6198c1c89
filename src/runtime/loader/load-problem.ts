// Why a handler module can't be loaded, in one message: what was wrong, where, what to do.

export interface LoadProblem {
  readonly message: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: number;
  readonly advice?: string;
}

/** Carries a problem up to prepareModule or loadModule, which return it. */
export class LoadError extends Error {
  readonly problem: LoadProblem;

  constructor(problem: LoadProblem) {
    super(problem.message);
    this.name = "LoadError";
    this.problem = problem;
  }
}
