// How a file is opened of which only its name is known: without waiting for whoever writes to it, as a pipe's reader would.
// Systems that lack such a flag have no such files either.

import { constants } from "node:fs";

export function openFlags(access: number, links: "follow" | "refuse"): number {
  const { O_NOFOLLOW: noFollow = 0, O_NONBLOCK: noWait = 0 } = constants as Partial<
    typeof constants
  >;
  return access | noWait | (links === "refuse" ? noFollow : 0);
}
