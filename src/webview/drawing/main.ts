// The drawing worker: owns the canvas and the tiles, draws a frame whenever something changed, asks for the tiles it lacks
// at most ten times a second, and says what is under the pointer. The page's own thread never draws.

import { decodeTile } from "../../protocol/tile-codec.ts";
import type { TimelineHead } from "../../protocol/timeline.ts";
import { drawAxis, drawChanges, drawTear } from "./draw-chrome.ts";
import { drawLane } from "./draw-lane.ts";
import { drawLeader } from "./draw-leader.ts";
import { drawMarks, drawPromotions, drawSelection } from "./draw-over.ts";
import { drawOverview } from "./draw-overview.ts";
import { drawPlots } from "./draw-plots.ts";
import { hitAt, type HitSource } from "./hit.ts";
import { layoutOf } from "./layout.ts";
import type { FromDrawing, Selection, Theme, ToDrawing, View } from "./messages.ts";
import type { Brush, Picture } from "./picture.ts";
import { levelFor, scaleOf } from "./scale.ts";
import { TileCache } from "./tile-cache.ts";

const askEveryMillis = 100;

interface Stage {
  readonly canvas: OffscreenCanvas;
  readonly brush: Brush;
}

const cache = new TileCache();
let stage: Stage | undefined;
let theme: Theme | undefined;
let head: TimelineHead | undefined;
let cut = false;
let view: View = { from: 0, to: 1 };
let size = { width: 0, height: 0, ratio: 1 };
let selection: Selection = {
  place: undefined,
  interval: undefined,
  culprit: undefined,
  range: undefined,
};
let filter = "";
let shown: HitSource | undefined;
let frameAsked = false;
let askedAt = 0;
let askTimer: ReturnType<typeof setTimeout> | undefined;

function tell(message: FromDrawing): void {
  self.postMessage(message);
}

self.addEventListener("message", ({ data }: MessageEvent<ToDrawing>) => {
  switch (data.kind) {
    case "canvas": {
      const brush = data.canvas.getContext("2d", { alpha: false });
      if (brush !== null) stage = { canvas: data.canvas, brush };
      break;
    }
    case "size":
      size = data;
      break;
    case "theme":
      ({ theme } = data);
      break;
    case "head":
      ({ head, cut } = data);
      cache.newRevision(head.revision);
      break;
    case "tile": {
      const tile = decodeTile(data.bytes);
      if (tile !== undefined) cache.put(tile);
      break;
    }
    case "view":
      ({ view } = data);
      break;
    case "selection":
      ({ selection } = data);
      break;
    case "filter":
      ({ filter } = data);
      break;
    case "hit": {
      const nothing = { kind: "nothing" as const, time: 0 };
      const hit = shown === undefined ? nothing : hitAt(shown, data.x, data.y);
      return tell({ kind: "hit", request: data.request, hit });
    }
  }
  askFrame();
});

function askFrame(): void {
  if (frameAsked) return;
  frameAsked = true;
  requestAnimationFrame(() => {
    frameAsked = false;
    drawFrame();
  });
}

function drawFrame(): void {
  if (stage === undefined || theme === undefined || head === undefined || size.width === 0) return;
  const { canvas, brush } = stage;
  const { width, height, ratio } = size;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  brush.setTransform(ratio, 0, 0, ratio, 0, 0);
  brush.font = theme.font;
  brush.textBaseline = "middle";
  brush.fillStyle = theme.background;
  brush.fillRect(0, 0, width, height);
  const scale = scaleOf(view, width);
  const whole = scaleOf({ from: 0, to: Math.max(1, head.end) }, width);
  const window = cache.cover(levelFor(scale), scale.from, Math.min(scale.to, head.end));
  const strip = cache.cover(levelFor(whole), 0, head.end);
  const { tiles } = window;
  const layout = layoutOf(head);
  shown = { scale, whole, tiles, head, layout };
  const picture: Picture = {
    ...{ brush, theme, head, cut, layout, scale, width, height, tiles, selection, filter },
  };
  drawAxis(picture);
  drawOverview(picture, whole, strip.tiles);
  draw(picture);
  const wanted = [...strip.wanted, ...window.wanted];
  if (wanted.length > 0) ask(wanted);
  tell({ kind: "drawn", complete: wanted.length === 0 });
}

function draw(picture: Picture): void {
  drawPlots(picture);
  drawLeader(picture);
  for (let lane = 0; lane < picture.head.lanes.length; lane++) drawLane(picture, lane);
  drawPromotions(picture);
  drawMarks(picture);
  drawChanges(picture);
  drawTear(picture);
  drawSelection(picture);
}

/** At most ten times a second; what is asked is what the newest frame lacks. */
function ask(tiles: readonly { readonly level: number; readonly index: number }[]): void {
  clearTimeout(askTimer);
  const rest = askedAt + askEveryMillis - performance.now();
  if (rest > 0) {
    askTimer = setTimeout(() => ask(tiles), rest);
    return;
  }
  askedAt = performance.now();
  tell({ kind: "wanted", tiles: tiles.slice(0, 64) });
}
