// What a slice is called, and whether the person's filter lets it stand.

import type { SliceState, TimelineHead } from "../../protocol/timeline.ts";
import type { Picture } from "./picture.ts";

/** The handler, the lock, the call or the span; "" for what has no name. */
export function sliceName(head: TimelineHead, state: SliceState, name: number): string {
  switch (state) {
    case "handler":
      return head.handlers[name] ?? "";
    case "lockWait":
    case "lockHeld":
      return head.locks[name] ?? "";
    case "blockingCall":
    case "span":
      return head.strings[name] ?? "";
    case "leading":
    case "garbageCollection":
      return "";
  }
}

/** A filter keeps what has it in its own name or in its lane's. */
export function isFaded({ filter, head }: Picture, lane: number, name: string): boolean {
  if (filter === "") return false;
  const laneName = head.lanes[lane]?.name ?? "";
  return !`${laneName}\n${name}`.toLowerCase().includes(filter);
}
