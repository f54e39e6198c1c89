// All that the page knows, in one place, and the few things that may be done to it. Parts render it; the page owns it.

import type { PanelComparison, PanelModels, RangeFigures } from "../protocol/panel-messages.ts";
import type { ConcurrencyModelName } from "../protocol/run-configuration.ts";
import type { SlicePlace } from "../protocol/timeline.ts";
import type { Details, EventOrder, EventPage, PanelState } from "../protocol/panel-state.ts";
import type { Hit, View } from "./drawing/messages.ts";

export const tabs = ["hotspots", "latency", "threads", "findings", "events", "models"] as const;
export type Tab = (typeof tabs)[number];

/** A row of a table, by its name there: what it says is looked up in the newest state. */
export interface SelectedRow {
  readonly kind: "lock" | "handler" | "thread" | "finding";
  readonly name: string;
}

export type Selected =
  | { readonly kind: "nothing" }
  | { readonly kind: "slice"; readonly place: SlicePlace; readonly details: Details }
  | {
      readonly kind: "range";
      readonly from: number;
      readonly to: number;
      readonly figures: RangeFigures;
    }
  | { readonly kind: "row"; readonly row: SelectedRow };

export interface Hover {
  readonly hit: Hit;
  readonly x: number;
  readonly y: number;
  /** Comes a moment later, once the pointer rests. */
  readonly details: Details | undefined;
}

export interface Model {
  readonly panel: PanelState | undefined;
  readonly gone: string | undefined;
  readonly tab: Tab;
  readonly selected: Selected;
  /** Figures of what is in view. */
  readonly inView: RangeFigures | undefined;
  readonly following: boolean;
  readonly showsKeys: boolean;
  readonly filter: string;
  readonly events: EventPage | undefined;
  readonly order: EventOrder;
  readonly hover: Hover | undefined;
  readonly comparison: PanelComparison;
  readonly models: PanelModels;
}

export const emptyModel: Model = {
  panel: undefined,
  gone: undefined,
  tab: "hotspots",
  selected: { kind: "nothing" },
  inView: undefined,
  following: true,
  showsKeys: false,
  filter: "",
  events: undefined,
  order: "slowest",
  hover: undefined,
  comparison: { kind: "none" },
  models: { activity: { kind: "none" }, table: undefined },
};

export interface Actions {
  open(site: { readonly file: string; readonly line: number; readonly column: number }): void;
  showTab(tab: Tab): void;
  zoomTo(start: number, end: number): void;
  about(what: "fix" | "explain" | "ignore", identity: string): void;
  stop(): void;
  profileAgain(): void;
  compare(): void;
  compareModels(): void;
  /** Its trace. */
  openModel(model: ConcurrencyModelName): void;
  /** Writes it into poolscope.json. */
  useModel(model: ConcurrencyModelName): void;
  openVersion(version: "before" | "after"): void;
  showOutput(): void;
  follow(): void;
  neighbour(direction: "next" | "previous"): void;
  selectRow(row: SelectedRow): void;
  selectPlace(place: SlicePlace): void;
  clearSelection(): void;
  showEvents(from: number, order: EventOrder): void;
  showKeys(shows: boolean): void;
  filter(text: string): void;
}

/** What survives a reload. */
export interface Kept {
  readonly view: View;
  readonly following: boolean;
  readonly tab: Tab;
  readonly place: SlicePlace | undefined;
  readonly row: SelectedRow | undefined;
}

export function isKept(value: unknown): value is Kept {
  if (typeof value !== "object" || value === null) return false;
  const { view, following, tab } = value as Partial<Kept>;
  return (
    typeof view?.from === "number" &&
    typeof view.to === "number" &&
    typeof following === "boolean" &&
    tabs.includes(tab as Tab)
  );
}

/** Whether a row stands under the person's filter. */
export function stands({ filter }: Pick<Model, "filter">, ...words: readonly string[]): boolean {
  return filter === "" || words.some((word) => word.toLowerCase().includes(filter));
}
