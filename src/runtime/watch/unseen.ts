// How the parts that watch say what they could not: a row of the trace's table `unseen`, which the report turns into a
// sentence. Each thread tells by itself; the run keeps one row of each.

import type { UnseenRow } from "../../trace/tables.ts";
import type { WhyLeft } from "./replace-function.ts";

/** Takes the answer of whatever may have been left alone; undefined is no news. */
export type TellUnseen = (what: string, of: string, why: WhyLeft | undefined) => void;

export function unseenTeller(tell: (row: UnseenRow) => void): TellUnseen {
  return (what, of, why) => {
    if (why !== undefined) tell({ what, of, why });
  };
}
