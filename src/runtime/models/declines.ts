// A thread that has its hands full declines to lead while another is idle (as nginx's processes do with connections).

import { summonFollower } from "../promotion/call-follower.ts";
import { wakeSeat } from "../promotion/leadership.ts";
import type { ModelThread } from "./pool-model.ts";

/** Asked where nobody leads the set. True when another was called in this thread's place. */
export function declines({ memory, protocol, isLoaded }: ModelThread, set: number): boolean {
  if (!protocol.declines || !isLoaded()) return false;
  const call = summonFollower(memory, set, protocol, () => true);
  if (call === undefined) return false;
  wakeSeat(memory, call.seat);
  return true;
}
