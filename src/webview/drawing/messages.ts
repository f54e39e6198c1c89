// What the page and its drawing worker say to each other. Positions are CSS pixels from the canvas's top left corner.

import type { TileName } from "../../protocol/panel-messages.ts";
import type { SlicePlace } from "../../protocol/timeline.ts";
import type { Interval } from "../../protocol/panel-state.ts";
import type { SliceState, TimelineHead } from "../../protocol/timeline.ts";

/** Colours and font as the editor's theme has them. */
export interface Theme {
  readonly kind: "dark" | "light" | "high-contrast";
  readonly font: string;
  readonly foreground: string;
  readonly quiet: string;
  readonly background: string;
  readonly follower: string;
  readonly grid: string;
  readonly leader: string;
  readonly handler: string;
  readonly promotion: string;
  readonly wait: string;
  readonly held: string;
  readonly blocking: string;
  readonly focus: string;
  /** Text on a slice's fill, and on a hold's name. */
  readonly onFill: string;
  readonly heldText: string;
  /** The lines of a hatching. */
  readonly hatch: string;
  readonly span: string;
}

/** The part of the run that is seen, in nanoseconds. */
export interface View {
  readonly from: number;
  readonly to: number;
}

export interface Selection {
  readonly place: SlicePlace | undefined;
  readonly interval: Interval | undefined;
  readonly culprit: { readonly lane: number; readonly interval: Interval } | undefined;
  readonly range: Interval | undefined;
}

/** What is under the pointer. */
export type Hit =
  | {
      readonly kind: "slice";
      readonly place: SlicePlace;
      readonly state: SliceState;
      readonly name: string;
      readonly event: number;
      readonly start: number;
      readonly end: number;
    }
  | { readonly kind: "overview"; readonly time: number }
  | { readonly kind: "lane"; readonly lane: number; readonly time: number }
  | { readonly kind: "nothing"; readonly time: number };

export type ToDrawing =
  | { readonly kind: "canvas"; readonly canvas: OffscreenCanvas }
  | {
      readonly kind: "size";
      readonly width: number;
      readonly height: number;
      readonly ratio: number;
    }
  | { readonly kind: "theme"; readonly theme: Theme }
  | { readonly kind: "head"; readonly head: TimelineHead; readonly cut: boolean }
  | { readonly kind: "tile"; readonly bytes: Uint8Array }
  | { readonly kind: "view"; readonly view: View }
  | { readonly kind: "selection"; readonly selection: Selection }
  | { readonly kind: "filter"; readonly filter: string }
  | { readonly kind: "hit"; readonly request: number; readonly x: number; readonly y: number };

export type FromDrawing =
  | { readonly kind: "wanted"; readonly tiles: readonly TileName[] }
  | { readonly kind: "hit"; readonly request: number; readonly hit: Hit }
  /** A frame was drawn; `complete` when no tile of it was missing. */
  | { readonly kind: "drawn"; readonly complete: boolean };
