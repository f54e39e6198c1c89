// Signals that ask a command to end while processes of its own run. Ctrl-C (SIGINT) is the person's wish, and what has come of the
// run by then is its result; SIGTERM and SIGHUP come from elsewhere, so that the run was cut short: see exit-status.ts.

export interface EndSignals {
  /** Whether one came that makes the run a cut one. */
  readonly cutShort: boolean;
  release(): void;
}

const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** `first` is called once, `again` at each further signal. */
export function onEndSignals(first: () => void, again: () => void): EndSignals {
  let [asked, cutShort] = [false, false];
  const heard = (name: string): void => {
    cutShort ||= name !== "SIGINT";
    if (asked) return again();
    asked = true;
    first();
  };
  for (const name of names) process.on(name, heard);
  return {
    get cutShort() {
      return cutShort;
    },
    release: () => {
      for (const name of names) process.off(name, heard);
    },
  };
}
