// Signals that ask a command to end while processes of its own run. Ctrl-C (SIGINT) is the person's wish, and what has come of the
// run by then is its result; SIGTERM and SIGHUP come from elsewhere, so that the run was cut short: see exit-status.ts.

import { readFileSync } from "node:fs";

export interface EndSignals {
  /** Whether one came that makes the run a cut one. */
  readonly cutShort: boolean;
  release(): void;
}

const fromElsewhere = ["SIGTERM", "SIGHUP"] as const;

/** `first` is called once, `again` at each further signal. */
export function onEndSignals(first: () => void, again: () => void): EndSignals {
  const names = [
    "SIGINT",
    ...fromElsewhere.filter((name) => name !== "SIGHUP" || !hangsUpUnheard()),
  ];
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

/** Under nohup a hang-up is not to end anything; who listens to it would undo that. Linux tells. */
function hangsUpUnheard(): boolean {
  try {
    const ignored = /^SigIgn:\s*([0-9a-f]+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return ignored !== undefined && (BigInt(`0x${ignored}`) & 1n) === 1n;
  } catch {
    // Another system: nobody knows, and most are not under nohup.
    return false;
  }
}
