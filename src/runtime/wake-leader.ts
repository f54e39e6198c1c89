// After an event is in its ring: somebody must look at it. Either a leader exists and is woken if it sleeps, or an idle
// follower is made leader.

import { codes } from "../recorder/codes.ts";
import { step } from "../sync/step.ts";
import { appointFollower, leaderOf, loadLeadership, nobody, wakeSeat } from "./leadership.ts";
import { hot } from "./pool-memory.ts";
import type { SubmitterSetup } from "./submitter-setup.ts";

export function wakeLeader(setup: SubmitterSetup): void {
  const { memory } = setup;
  if (leaderOf(loadLeadership(memory)) === nobody) return appointLeader(setup);
  step("load", "leader-asleep", 0);
  // Pairs with the leader's store in leader-wait.ts: it sets the flag, then looks at the rings; here the ring was pushed,
  // then the flag is read. One of the two sees the other.
  if (Atomics.load(memory.words, hot.leaderAsleep) === 0) return;
  step("exchange", "leader-asleep", 0);
  const asleep = Atomics.exchange(memory.words, hot.leaderAsleep, 0);
  if (asleep !== 0) wakeSeat(memory, asleep - 1);
}

function appointLeader(setup: SubmitterSetup): void {
  const { memory, recorder, protocol, handleSet } = setup;
  const appointed = appointFollower(memory, protocol, () => handleSet.hasWork());
  if (appointed === undefined) return;
  const { seat, generation } = appointed;
  if (recorder.scheduling) {
    recorder.record(codes.promoted, setup.currentTurn(), 0, seat + 1, 0, generation, 0);
  }
  wakeSeat(memory, seat);
}
