// Whether a run, as far as it has come, hangs in a deadlock: what a face that follows a living run asks.

import type { Finding, Report } from "./report.ts";
import { deadlock, hangingMechanism } from "./rules/deadlock.ts";

export function hangingDeadlock({ findings }: Report): Finding | undefined {
  return findings.find(
    ({ rule, mechanism }) => rule === deadlock.id && mechanism === hangingMechanism,
  );
}
