// How the one thread that waits on the handle set waits: it spins for a short while, then announces that it sleeps, looks
// once more, and sleeps. For a model whose submitters wake that thread by `wakeSleepingLeader`.

import { announceSleep, spin, takeBackSleep } from "../promotion/leader-wait.ts";
import type { SpinBudget } from "../promotion/spin-budget.ts";
import type { ModelThread } from "./pool-model.ts";

/** Of the models with one leader there is one handle set. */
const onlySet = 0;

/** `take` until it gives something. Undefined when the pool stops. `looksReady` may be wrong, but never misses. */
export async function awaitAsLeader<T>(
  thread: ModelThread,
  budget: SpinBudget,
  take: () => T | undefined,
  looksReady: () => boolean,
): Promise<T | undefined> {
  const { stopped, keepsLoop } = thread;
  for (;;) {
    // First: a thread that is to leave takes no further event, be there one.
    if (stopped()) return undefined;
    const taken = take();
    if (taken !== undefined) return taken;
    // Not while turns need the event loop: a spin would hold up what they wait for.
    if (!keepsLoop() && spin(budget, looksReady)) continue;
    await sleepAsLeader(thread, onlySet, looksReady);
  }
}

/** Announces that the set's leader sleeps, looks once more, and sleeps. */
export async function sleepAsLeader(
  { memory, seat, idle, keepsLoop }: ModelThread,
  set: number,
  looksReady: () => boolean,
): Promise<void> {
  const seen = idle.wakeWord();
  announceSleep(memory, set, seat);
  if (!looksReady()) await idle.sleep(seen, keepsLoop());
  takeBackSleep(memory, set, seat);
}
