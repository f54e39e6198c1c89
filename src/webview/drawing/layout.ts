// Where everything stands on the canvas, from what the trace has in it: shared by drawing, hit testing and the page, which
// sets the canvas's height. Few lanes get room for names; many get closer together.

import { laneRows, type LaneRow, type TimelineHead } from "../../protocol/timeline.ts";

export const labelWidth = 76;
export const rightMargin = 12;
export const stateHeight = 22;
export const heldHeight = 6;
const spanHeight = 14;
/** Between a state row and the holds below it. */
const heldGap = 4;
const nameHeight = 12;

interface Band {
  readonly top: number;
  readonly height: number;
}

export interface Layout {
  readonly overview: Band;
  readonly axis: Band;
  readonly plot: Band;
  /** None in models in which nobody leads. */
  readonly leader: Band | undefined;
  readonly lanes: number;
  readonly firstLane: number;
  readonly pitch: number;
  /** Height above a state row for the person's spans and marks; 0 where there are none. */
  readonly above: number;
  /** Locks are named under their holds. */
  readonly namesHolds: boolean;
  /** Below the last lane. */
  readonly bottom: number;
  readonly height: number;
}

type Shape = Pick<TimelineHead, "isLed" | "isMarked"> & { readonly lanes: { length: number } };

export function layoutOf({ isLed, isMarked, lanes }: Shape): Layout {
  const overview = { top: 6, height: 36 };
  const axis = { top: 52, height: 20 };
  const plot = { top: 76, height: 36 };
  const leader = isLed ? { top: 124, height: 18 } : undefined;
  const above = isMarked ? spanHeight + 2 : 0;
  const namesHolds = lanes.length <= 8;
  const pitch = above + stateHeight + heldGap + heldHeight + (namesHolds ? nameHeight + 6 : 10);
  const firstLane = (leader === undefined ? 124 : 156) + above;
  const bottom = firstLane - above + lanes.length * pitch;
  return {
    ...{ overview, axis, plot, leader, above, namesHolds, pitch, firstLane, bottom },
    lanes: lanes.length,
    height: bottom + 4,
  };
}

/** Top of a lane's state row. */
export function stateTop({ firstLane, pitch }: Layout, lane: number): number {
  return firstLane + lane * pitch;
}

export function rowBand(layout: Layout, lane: number, row: LaneRow): Band {
  const top = stateTop(layout, lane);
  switch (row) {
    case "span":
      return { top: top - spanHeight - 2, height: spanHeight };
    case "state":
      return { top, height: stateHeight };
    case "held":
      return { top: top + stateHeight + heldGap, height: heldHeight };
  }
}

/** Lane and row at a height; undefined between lanes. A row of a few pixels is met a little beside it too. */
export function rowAt(
  y: number,
  layout: Layout,
): { readonly lane: number; readonly row: LaneRow } | undefined {
  const lane = Math.floor((y - layout.firstLane + layout.above) / layout.pitch);
  if (lane < 0 || lane >= layout.lanes) return undefined;
  const row = laneRows.find((each) => {
    if (each === "span" && layout.above === 0) return false;
    const { top, height } = rowBand(layout, lane, each);
    const slack = each === "held" ? 2 : 0;
    return y >= top - slack && y <= top + height + slack;
  });
  return row === undefined ? undefined : { lane, row };
}
