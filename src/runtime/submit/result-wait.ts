// How a submitter waits for results: it looks for them for a short while, its event loop turning meanwhile, then sleeps.

/**
 * Being woken costs the pool thread that rings and this one about as much CPU time as looking for so long: by the rule of
 * competitive spinning (Karlin et al., 1991) looking first never costs more than twice the better choice.
 */
export const resultSpinNanos = 20_000n;

/**
 * What just settled may submit again, several microtasks from now: going to sleep before that costs a wake-up for each
 * event (measured).
 */
export function continuationsRun(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
