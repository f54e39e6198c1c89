// The panel's page: takes states and tiles from the host, keeps the model, renders it. It never holds the trace.

import { render } from "lit";
import type { HostMessage, PanelModels } from "../protocol/panel-messages.ts";
import type { SlicePlace } from "../protocol/timeline.ts";
import type { Details } from "../protocol/panel-state.ts";
import type { Hit } from "./drawing/messages.ts";
import { Host } from "./host.ts";
import { emptyModel, isKept, type Actions, type Kept, type Model, type Selected } from "./model.ts";
import { middleOfView, nextLane } from "./lane-steps.ts";
import { pageTemplate } from "./parts/page.ts";
import { TimelineView } from "./timeline-view.ts";
import { ViewFigures } from "./view-figures.ts";

const host = new Host();
const kept = isKept(host.kept) ? host.kept : undefined;
const hoverMillis = 120;
let model: Model = { ...emptyModel, ...(kept === undefined ? {} : { tab: kept.tab }) };
let restored = false;
let renderAsked = false;
let afterRender: (() => void) | undefined;

const timeline = new TimelineView({
  wanted: (wanted) => host.send({ kind: "tiles", wanted }),
  viewChanged: ({ from, to }, following) => {
    document.body.dataset["view"] = `${Math.round(from)} ${Math.round(to)}`;
    if (following !== model.following) change({ following });
    keepSoon();
    viewFigures.soon();
  },
  selected: (hit) => void select(hit),
  rangeSelected: (from, to) => void selectRange(from, to),
  hovered: (hit, x, y) => showHover(hit, x, y),
  drawn: (complete) => {
    document.body.dataset["drawn"] = complete ? "complete" : "partly";
  },
});

const actions: Actions = {
  open: (site) => host.send({ kind: "open", ...linkOf(site) }),
  showTab: (tab) => {
    change({ tab });
    keepSoon();
    if (tab === "events" && model.events === undefined) actions.showEvents(0, model.order);
  },
  zoomTo: (start, end) => timeline.zoomTo(start, end),
  about: (kind, identity) => host.send({ kind, identity }),
  stop: () => host.send({ kind: "stop" }),
  profileAgain: () => host.send({ kind: "profile-again" }),
  compare: () => host.send({ kind: "compare" }),
  compareModels: () => host.send({ kind: "compare-models" }),
  openModel: (model) => host.send({ kind: "open-model", model }),
  useModel: (model) => host.send({ kind: "use-model", model }),
  openVersion: (version) => host.send({ kind: "open-version", version }),
  showOutput: () => host.send({ kind: "show-output" }),
  follow: () => timeline.follow(),
  neighbour: (direction) => void selectNeighbour(direction),
  selectRow: (row) => showSelected({ kind: "row", row }),
  selectPlace: (place) => void selectPlace(place),
  clearSelection: () => showSelected({ kind: "nothing" }),
  showEvents: (from, order) => void showEvents(from, order),
  showKeys: (showsKeys) => {
    change({ showsKeys });
    afterRender = showsKeys
      ? () => document.querySelector<HTMLElement>(".keys [role=dialog]")?.focus()
      : () => timeline.element.focus();
  },
  filter: (text) => {
    const filter = text.trim().toLowerCase();
    change({ filter });
    timeline.filter(filter);
  },
};

function linkOf({ file, line, column }: Parameters<Actions["open"]>[0]): {
  file: string;
  line: number;
  column: number;
} {
  return { file, line, column };
}

function change(changes: Partial<Model>): void {
  model = { ...model, ...changes };
  if (renderAsked) return;
  renderAsked = true;
  requestAnimationFrame(() => {
    renderAsked = false;
    render(pageTemplate(model, actions, timeline.element), document.body);
    placeTooltip();
    afterRender?.();
    afterRender = undefined;
  });
}

host.listen((message: HostMessage) => {
  switch (message.kind) {
    case "state": {
      const wasRunning = model.panel?.status === "running";
      change({ panel: message.state, gone: undefined });
      timeline.setHead(message.state.timeline, message.state.status === "cut");
      if (!restored) restore(message.state.status === "running");
      else if (wasRunning && message.state.status !== "running" && model.following) timeline.fit();
      if (model.tab === "events") actions.showEvents(model.events?.from ?? 0, model.order);
      viewFigures.soon();
      return;
    }
    case "tile":
      return timeline.tile(message.bytes);
    case "show":
      return timeline.zoomTo(message.start, message.end);
    case "comparison":
      return change({ comparison: message.comparison });
    case "models":
      return showModels(message.models);
    case "gone":
      return change({ gone: message.message });
    default:
      return;
  }
});

/** Who began to compare wants to see it, wherever that was asked for, and then what came of it. */
function showModels(models: PanelModels): void {
  const ran = model.models.activity.kind === "running";
  const runs = models.activity.kind === "running";
  change({ models });
  if (runs === ran) return;
  if (runs) actions.showTab("models");
  if (model.tab !== "models") return;
  afterRender = () => document.querySelector(".tab-bar")?.scrollIntoView();
}

/** The window of before a reload; else a finished run is seen whole. */
function restore(running: boolean): void {
  restored = true;
  if (kept === undefined) {
    if (!running) timeline.fit();
    return;
  }
  timeline.restore(kept.view, kept.following && running);
  if (kept.place !== undefined) void selectPlace(kept.place);
  else if (kept.row !== undefined) showSelected({ kind: "row", row: kept.row });
}

async function select(hit: Hit): Promise<void> {
  if (hit.kind === "slice") return selectPlace(hit.place);
  showSelected({ kind: "nothing" });
}

async function selectPlace(place: SlicePlace): Promise<void> {
  const answer = await host.ask({ kind: "details", place });
  if (answer.kind === "details") showDetails(answer.details, place);
}

async function selectNeighbour(direction: "next" | "previous"): Promise<void> {
  if (model.selected.kind !== "slice") return;
  const answer = await host.ask({ kind: "neighbour", place: model.selected.place, direction });
  if (answer.kind !== "details" || answer.details === undefined) return;
  const { place, interval } = answer.details;
  showDetails(answer.details, place);
  timeline.reveal(interval.start, interval.end);
}

/** The lane above or below what is selected, at the same time; the first one where nothing is. */
async function selectLane(step: 1 | -1): Promise<void> {
  const place = model.selected.kind === "slice" ? model.selected.place : undefined;
  const lanes = model.panel?.timeline.lanes.length ?? 0;
  const time = place?.time ?? middleOfView(timeline.view);
  const next = { lane: nextLane(place?.lane, step, lanes), time, row: "state" } as const;
  const here = await host.ask({ kind: "details", place: next });
  if (here.kind !== "details") return;
  if (here.details !== undefined) return showDetails(here.details, here.details.place);
  const near = await host.ask({ kind: "neighbour", place: next, direction: "next" });
  if (near.kind !== "details" || near.details === undefined) return;
  showDetails(near.details, near.details.place);
  timeline.reveal(near.details.interval.start, near.details.interval.end);
}

function showDetails(details: Details | undefined, place: SlicePlace): void {
  if (details === undefined) showSelected({ kind: "nothing" });
  else showSelected({ kind: "slice", place, details });
}

async function selectRange(from: number, to: number): Promise<void> {
  timeline.select({
    place: undefined,
    interval: undefined,
    culprit: undefined,
    range: { start: from, end: to },
  });
  const answer = await host.ask({ kind: "range", from, to });
  if (answer.kind === "range") showSelected({ kind: "range", from, to, figures: answer.figures });
}

function showSelected(selected: Selected): void {
  change({ selected });
  keepSoon();
  const slice = selected.kind === "slice" ? selected : undefined;
  timeline.select({
    place: slice?.place,
    interval: slice?.details.interval,
    culprit: slice?.details.culprit,
    range: selected.kind === "range" ? { start: selected.from, end: selected.to } : undefined,
  });
}

async function showEvents(from: number, order: Model["order"]): Promise<void> {
  change({ order });
  const answer = await host.ask({ kind: "events", from, order });
  if (answer.kind === "events") change({ events: answer.page });
}

let hoverTimer = 0;

/** At once what the tiles tell; whose it is and who held what it waited for, once the pointer rests. */
function showHover(hit: Hit | undefined, x: number, y: number): void {
  clearTimeout(hoverTimer);
  if (hit?.kind !== "slice") {
    if (model.hover !== undefined) change({ hover: undefined });
    return;
  }
  const known = model.hover?.hit;
  const isSame = known?.kind === "slice" && known.start === hit.start && known.end === hit.end;
  change({ hover: { hit, x, y, details: isSame ? model.hover?.details : undefined } });
  hoverTimer = setTimeout(() => {
    void host.ask({ kind: "details", place: hit.place }).then((answer) => {
      if (answer.kind !== "details" || model.hover?.hit !== hit) return;
      change({ hover: { ...model.hover, details: answer.details } });
    });
  }, hoverMillis);
}

function placeTooltip(): void {
  const tooltip = document.querySelector<HTMLElement>(".tooltip");
  if (tooltip === null || model.hover === undefined) return;
  const left = Math.min(model.hover.x + 12, window.innerWidth - tooltip.offsetWidth - 8);
  tooltip.style.left = `${Math.max(4, left)}px`;
  const below = model.hover.y + 18;
  const fits = below + tooltip.offsetHeight < window.innerHeight - 8;
  tooltip.style.top = `${fits ? below : model.hover.y - tooltip.offsetHeight - 12}px`;
}

const viewFigures = new ViewFigures(async () => {
  if (model.panel === undefined) return;
  const { from, to } = timeline.view;
  const answer = await host.ask({ kind: "range", from, to });
  if (answer.kind === "range") change({ inView: answer.figures });
});

let keepTimer = 0;

function keepSoon(): void {
  clearTimeout(keepTimer);
  document.body.dataset["kept"] = "no";
  keepTimer = setTimeout(() => {
    const { view, following } = timeline;
    const place = model.selected.kind === "slice" ? model.selected.place : undefined;
    const row = model.selected.kind === "row" ? model.selected.row : undefined;
    const state: Kept = { view, following, tab: model.tab, place, row };
    host.keep(state);
    document.body.dataset["kept"] = "yes";
  }, 200);
}

window.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  // Who types a filter means its letters.
  if (event.target instanceof HTMLInputElement) {
    if (event.key === "Escape") {
      actions.filter("");
      timeline.element.focus();
    }
    return;
  }
  if (event.key === "/") {
    event.preventDefault();
    return document.querySelector<HTMLElement>(".filter")?.focus();
  }
  if (event.key === "ArrowUp" || event.key === "ArrowDown") {
    if (event.target === timeline.element) {
      event.preventDefault();
      void selectLane(event.key === "ArrowDown" ? 1 : -1);
    }
    return;
  }
  if (event.key === "?") return actions.showKeys(!model.showsKeys);
  if (event.key === "Escape") {
    if (model.showsKeys) return actions.showKeys(false);
    return actions.clearSelection();
  }
  if (event.key === "[" || event.key === "]") {
    return actions.neighbour(event.key === "]" ? "next" : "previous");
  }
  if (timeline.key(event.key)) event.preventDefault();
});

change({});
host.send({ kind: "ready" });
