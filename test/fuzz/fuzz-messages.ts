// What a fuzzing thread and whoever started it say to each other.

export interface FuzzStart {
  /** Of the first input; each one after it has the next number. */
  readonly seed: number;
  readonly seconds: number;
  /** Of a processor: what takes more is shown once more, and the second time counts. */
  readonly mostMillis: number;
}

export type FromFuzz =
  | { readonly kind: "begins"; readonly seed: number }
  /** `millis` of processor time; `stack` of what was thrown. */
  | {
      readonly kind: "done";
      readonly seed: number;
      readonly millis: number;
      readonly stack: string | undefined;
    };
