// A named point before each Atomics operation of runtime and sync. Nobody listens in production: the test of a null module
// variable is not measurable. Tests kill a thread at a chosen step; a scheduler of ours will decide here who runs next.
// Object and kind names are stable: schedules found today are replayed by them later.

export type StepKind =
  | "load"
  | "store"
  | "compare-exchange"
  | "add"
  | "and"
  | "or"
  | "exchange"
  | "wait"
  | "notify";

/** `object` names what the word belongs to ("leadership", "slot", "lock:accounts"), `index` which one of them. */
export type StepListener = (kind: StepKind, object: string, index: number, site: number) => void;

let listener: StepListener | undefined;

export function step(kind: StepKind, object: string, index: number, site = 0): void {
  if (listener !== undefined) listener(kind, object, index, site);
}

/** Undefined to stop listening. At most one listener: the last one wins. */
export function listenToSteps(next: StepListener | undefined): void {
  listener = next;
}
