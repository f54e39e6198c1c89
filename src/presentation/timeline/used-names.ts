// The names that a timeline shows: of the locks and texts in its slices and marks. A run with raw waits has lock numbers
// beyond 65,536 and may have thousands of texts that no slice shows; each state of the panel carries what is used.

import { sliceStates, type NamesByIndex, type SliceColumns } from "../../protocol/timeline.ts";
import type { Trace } from "../../trace/trace.ts";
import type { Timeline } from "./timeline.ts";

export interface UsedNames {
  readonly locks: NamesByIndex;
  readonly strings: NamesByIndex;
}

const lockWait = sliceStates.indexOf("lockWait");
const lockHeld = sliceStates.indexOf("lockHeld");
const blockingCall = sliceStates.indexOf("blockingCall");
const span = sliceStates.indexOf("span");

export function usedNames({ lanes, marks }: Timeline, { tables }: Trace): UsedNames {
  const locks = new Set<number>();
  const strings = new Set<number>(marks.name);
  for (const { state, under } of lanes) {
    for (const slices of [state, under]) gather(slices, locks, strings);
  }
  return {
    locks: Object.fromEntries(
      tables.locks.flatMap(({ index, name }) => (locks.has(index) ? [[index, name]] : [])),
    ),
    strings: Object.fromEntries(
      Array.from(strings, (index) => [index, tables.strings[index] ?? ""]),
    ),
  };
}

function gather(slices: SliceColumns, locks: Set<number>, strings: Set<number>): void {
  for (let index = 0; index < slices.length; index++) {
    const name = slices.name[index] ?? 0;
    const state = slices.state[index];
    if (state === lockWait || state === lockHeld) locks.add(name);
    else if (state === blockingCall || state === span) strings.add(name);
  }
}
