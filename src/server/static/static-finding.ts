// What the checks of source text say, without a run: one short span each.

export const staticRules = [
  "await-under-lock",
  "release-not-on-every-path",
  "wait-without-timeout",
  "sync-call-in-async-handler",
] as const;
export type StaticRule = (typeof staticRules)[number];

export interface StaticFinding {
  readonly rule: StaticRule;
  readonly severity: "warning" | "information";
  readonly message: string;
  /** UTF-16 offsets into the text. */
  readonly start: number;
  readonly end: number;
}

export function capitalised(sentence: string): string {
  return sentence.slice(0, 1).toUpperCase() + sentence.slice(1);
}
