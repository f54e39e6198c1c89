// Who waited for whom at the trace's end: from waits that never ended, and from the state rows that the collector saw. For a
// run that hung or was cut, this is the explanation.

import type { Trace } from "../trace/trace.ts";
import type { WaitingThread } from "./report.ts";
import { forEachEvent } from "./scan.ts";
import { lockNames, siteOf } from "./sites.ts";
import type { LockUse } from "./waits.ts";

interface SeenHolder {
  readonly thread: number;
  readonly site: number;
}

export function waitingAtEnd(trace: Trace, use: LockUse): WaitingThread[] {
  const nameOf = lockNames(trace);
  const holders = lastHolders(trace);
  return use.waits
    .filter((wait) => wait.outcome === undefined)
    .map((wait) => {
      const owner = wait.segments.at(-1)?.owner ?? -1;
      const holder = holders.get(wait.lock);
      const site = holder !== undefined && holder.thread === owner ? holder.site : 0;
      return {
        thread: wait.thread,
        lock: nameOf(wait.lock),
        site: siteOf(trace, wait.site),
        since: wait.start,
        owner: owner < 0 ? undefined : owner,
        ownerSite: siteOf(trace, site),
      };
    });
}

/** By lock: the thread that was last seen holding it, with the site of its acquire. */
function lastHolders(trace: Trace): Map<number, SeenHolder> {
  const holders = new Map<number, SeenHolder & { readonly at: number }>();
  for (const thread of trace.threads) {
    forEachEvent(thread, (event) => {
      if (event.kind !== "holdSeen") return;
      const known = holders.get(event.a);
      if (known !== undefined && known.at > event.time) return;
      holders.set(event.a, { thread: thread.thread, site: event.b, at: event.time });
    });
  }
  return holders;
}
