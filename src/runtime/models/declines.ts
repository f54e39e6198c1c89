// A thread that has its hands full declines to lead while another is idle (as nginx's processes do with connections).

import { summonFollower } from "../promotion/call-follower.ts";
import { wakeSeat } from "../promotion/leadership.ts";
import type { ModelThread } from "./pool-model.ts";

const always = (): boolean => true;
const never = (): boolean => false;

/** Asked where nobody leads the set. True when another was called in this thread's place. */
export function declines({ memory, protocol, isLoaded }: ModelThread, set: number): boolean {
  if (!protocol.declines || !isLoaded()) return false;
  // Not in favour of one at its event loop: it may not come, and this thread is here.
  const calls = summonFollower(memory, set, protocol, always, never);
  for (const { seat } of calls) wakeSeat(memory, seat);
  return calls.length > 0;
}
