// When a thread that died is replaced: the first at once, then later and later, until a crash loop is plain: death upon death
// with not one event completed between them. Pure; the supervisor holds the value.

const firstDelayMillis = 10;
const longestDelayMillis = 500;

export interface Deaths {
  /** Deaths since an event was last completed. */
  readonly inARow: number;
  /** Events that the pool had completed by the last of them. */
  readonly completed: number;
}

export const noDeaths: Deaths = { inARow: 0, completed: 0 };

export function oneMore(deaths: Deaths, completed: number): Deaths {
  return { inARow: completed > deaths.completed ? 1 : deaths.inARow + 1, completed };
}

/** Several threads may die of one cause at the same time, so what is allowed grows with their number. */
export function isCrashLoop(deaths: Deaths, threads: number): boolean {
  return deaths.inARow >= 10 + 2 * threads;
}

/** Milliseconds until another thread may be started. */
export function restartDelay({ inARow }: Deaths): number {
  return inARow <= 1 ? 0 : Math.min(longestDelayMillis, firstDelayMillis * 2 ** (inARow - 2));
}
