// What one frame is drawn from, and onto.

import type { TimelineHead } from "../../protocol/timeline.ts";
import type { Layout } from "./layout.ts";
import type { Selection, Theme } from "./messages.ts";
import type { Scale } from "./scale.ts";
import type { PlacedTile } from "./tile-cache.ts";

export type Brush = OffscreenCanvasRenderingContext2D;

export interface Picture {
  readonly brush: Brush;
  readonly theme: Theme;
  readonly head: TimelineHead;
  /** The run was cut: its end is torn. */
  readonly cut: boolean;
  readonly layout: Layout;
  readonly scale: Scale;
  readonly width: number;
  readonly height: number;
  readonly tiles: readonly PlacedTile[];
  readonly selection: Selection;
  /** Lower case; what has it in its name stands out, "" lets all stand. */
  readonly filter: string;
}
