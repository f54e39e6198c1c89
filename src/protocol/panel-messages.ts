// What the panel's page and the extension host say to each other. The host validates everything that the page says: see
// checkPageMessage.

import type { ComparisonResult } from "./comparison.ts";
import type { ModelTable } from "./model-comparison.ts";
import type { Details, EventOrder, EventPage, PanelState, Part } from "./panel-state.ts";
import { concurrencyModels, type ConcurrencyModelName } from "./run-configuration.ts";
import { laneRows, type SlicePlace } from "./timeline.ts";

export interface TileName {
  readonly level: number;
  readonly index: number;
}

export type PageMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "tiles"; readonly wanted: readonly TileName[] }
  | { readonly kind: "details"; readonly request: number; readonly place: SlicePlace }
  | {
      readonly kind: "neighbour";
      readonly request: number;
      readonly place: SlicePlace;
      readonly direction: "next" | "previous";
    }
  | { readonly kind: "range"; readonly request: number; readonly from: number; readonly to: number }
  | {
      readonly kind: "events";
      readonly request: number;
      readonly from: number;
      readonly order: EventOrder;
    }
  | { readonly kind: "open"; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: "fix" | "explain" | "ignore"; readonly identity: string }
  | { readonly kind: "stop" }
  | { readonly kind: "profile-again" }
  | { readonly kind: "compare" }
  | { readonly kind: "open-version"; readonly version: "before" | "after" }
  | { readonly kind: "compare-models" }
  | { readonly kind: "open-model" | "use-model"; readonly model: ConcurrencyModelName }
  | { readonly kind: "show-output" };

/** Figures of a selected range of time. */
export interface RangeFigures {
  readonly sentence: string;
  readonly rows: readonly { readonly label: string; readonly value: string }[];
  /** What each thread did in it, in the order of the lanes. */
  readonly lanes: readonly { readonly name: string; readonly parts: readonly Part[] }[];
}

/** A comparison that runs, or came to nothing; how far it is as in CompareProgressParams. */
export type ComparisonActivity =
  | { readonly kind: "none" }
  | {
      readonly kind: "running";
      readonly done: number;
      readonly total: number;
      readonly text: string;
    }
  | { readonly kind: "failed"; readonly message: string };

/** This run's version against the module as it is now. */
export type PanelComparison =
  | ComparisonActivity
  | { readonly kind: "compared"; readonly result: ComparisonResult };

/** The handlers of this run, as they are now, under each concurrency model. */
export interface PanelModels {
  readonly activity: ComparisonActivity | { readonly kind: "cancelled" };
  /** Of the newest comparison that came to its end. */
  readonly table: ModelTable | undefined;
}

export type HostMessage =
  | { readonly kind: "state"; readonly state: PanelState }
  | { readonly kind: "tile"; readonly bytes: Uint8Array }
  | { readonly kind: "details"; readonly request: number; readonly details: Details | undefined }
  | { readonly kind: "range"; readonly request: number; readonly figures: RangeFigures }
  | { readonly kind: "events"; readonly request: number; readonly page: EventPage }
  | { readonly kind: "show"; readonly start: number; readonly end: number }
  | { readonly kind: "comparison"; readonly comparison: PanelComparison }
  | { readonly kind: "models"; readonly models: PanelModels }
  | { readonly kind: "gone"; readonly message: string };

const mostTiles = 64;

/** A message that the page may send, or undefined: a page is not trusted to send nothing else. */
export function checkPageMessage(value: unknown): PageMessage | undefined {
  if (!isRecord(value)) return undefined;
  switch (value.kind) {
    case "ready":
    case "stop":
    case "profile-again":
    case "compare":
    case "compare-models":
    case "show-output":
      return { kind: value.kind };
    case "open-version":
      return value.version === "before" || value.version === "after"
        ? { kind: "open-version", version: value.version }
        : undefined;
    case "open-model":
    case "use-model": {
      const model = concurrencyModels.find((each) => each === value.model);
      return model === undefined ? undefined : { kind: value.kind, model };
    }
    case "tiles":
      return checkTiles(value.wanted);
    case "details":
    case "neighbour":
      return checkPlaced(value, value.kind);
    case "range":
      return isNumber(value.request) && isNumber(value.from) && isNumber(value.to)
        ? { kind: "range", request: value.request, from: value.from, to: value.to }
        : undefined;
    case "events":
      return isNumber(value.request) && isCount(value.from) && isOrder(value.order)
        ? { kind: "events", request: value.request, from: value.from, order: value.order }
        : undefined;
    case "open":
      return typeof value.file === "string" && isCount(value.line) && isCount(value.column)
        ? { kind: "open", file: value.file, line: value.line, column: value.column }
        : undefined;
    case "fix":
    case "explain":
    case "ignore":
      return typeof value.identity === "string"
        ? { kind: value.kind, identity: value.identity }
        : undefined;
    default:
      return undefined;
  }
}

function checkTiles(wanted: unknown): PageMessage | undefined {
  if (!Array.isArray(wanted) || wanted.length > mostTiles) return undefined;
  const tiles: TileName[] = [];
  for (const each of wanted as readonly unknown[]) {
    if (!isRecord(each) || !isCount(each.level) || !isCount(each.index)) return undefined;
    tiles.push({ level: each.level, index: each.index });
  }
  return { kind: "tiles", wanted: tiles };
}

function checkPlaced(value: Loose, kind: "details" | "neighbour"): PageMessage | undefined {
  const { request, place, direction } = value;
  if (!isNumber(request) || !isRecord(place)) return undefined;
  const { lane, time, row } = place;
  const known = laneRows.find((each) => each === row);
  if (!isCount(lane) || !isNumber(time) || known === undefined) return undefined;
  const checked = { lane, time, row: known };
  if (kind === "details") return { kind, request, place: checked };
  if (direction !== "next" && direction !== "previous") return undefined;
  return { kind, request, place: checked, direction };
}

/** What any message may have, of any type until it is checked. */
interface Loose {
  readonly kind?: unknown;
  readonly request?: unknown;
  readonly wanted?: unknown;
  readonly level?: unknown;
  readonly index?: unknown;
  readonly place?: unknown;
  readonly direction?: unknown;
  readonly lane?: unknown;
  readonly time?: unknown;
  readonly row?: unknown;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly order?: unknown;
  readonly file?: unknown;
  readonly line?: unknown;
  readonly column?: unknown;
  readonly identity?: unknown;
  readonly version?: unknown;
  readonly model?: unknown;
}

function isRecord(value: unknown): value is Loose {
  return typeof value === "object" && value !== null;
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isCount(value: unknown): value is number {
  return isNumber(value) && Number.isInteger(value) && value >= 0;
}

function isOrder(value: unknown): value is EventOrder {
  return value === "time" || value === "slowest";
}
