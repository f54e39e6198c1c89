// What a diagnostic of ours carries, so that commands find the way back to its evidence.

export interface FindingData {
  readonly identity: string;
  /** Its page of documentation, relative to the project. */
  readonly page: string;
  /** Path of the trace that it was found in. */
  readonly trace: string;
  /** Where to look in it, nanoseconds from its start. */
  readonly start: number;
  readonly end: number;
}
