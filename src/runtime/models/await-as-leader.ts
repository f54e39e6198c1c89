// How a thread waits that alone may wait on the handle set: it spins for a short while, then
// announces that it sleeps, looks once more, and sleeps. For a model whose submitters wake that
// thread by `wakeSleepingLeader`, and in which no other could take its place while its event loop
// is at a person's code.

import { announceSleep, spin, takeBackSleep } from "../promotion/leader-wait.ts";
import type { SpinBudget } from "../promotion/spin-budget.ts";
import type { ModelThread } from "./pool-model.ts";

/** Of these models there is one handle set. */
const onlySet = 0;

/** `take` until it gives something. Undefined when the pool stops. `looksReady` may be wrong, but never misses. */
export async function awaitAsLeader<T>(
  thread: ModelThread,
  budget: SpinBudget,
  take: () => T | undefined,
  looksReady: () => boolean,
): Promise<T | undefined> {
  const { memory, seat, idle, stopped, keepsLoop } = thread;
  for (;;) {
    // First: a thread that is to leave takes no further event, be there one.
    if (stopped()) return undefined;
    const taken = take();
    if (taken !== undefined) return taken;
    // Not while turns need the event loop: a spin would hold up what they wait for.
    if (!keepsLoop() && spin(budget, looksReady)) continue;
    const atLoop = await idle.turnBeforeWait(keepsLoop);
    const seen = idle.wakeWord();
    announceSleep(memory, onlySet, seat);
    if (!looksReady()) await idle.sleep(seen, atLoop);
    takeBackSleep(memory, onlySet, seat);
  }
}
