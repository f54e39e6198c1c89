// What a person is asked before anything runs that a trace holds or names.

export interface TrustQuestion {
  /** Why it is asked, and what would run. Whole sentences. */
  readonly message: string;
  /** What consent is given to, by its digest. */
  readonly content: string;
  /** Those that would run, as the trace has them, to be looked at first. */
  readonly sources: readonly { readonly path: string; readonly text: string }[];
}
