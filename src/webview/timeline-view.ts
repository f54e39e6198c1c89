// The timeline on the page: a canvas that the worker draws, and the pointer and keys that move it. It owns the window of
// time; what is selected belongs to the page.

import type { TileName } from "../protocol/panel-messages.ts";
import type { TimelineHead } from "../protocol/timeline.ts";
import { DrawingWorker } from "./drawing-worker.ts";
import { labelWidth, layoutOf, rightMargin, stateTop } from "./drawing/layout.ts";
import type { Hit, Selection, View } from "./drawing/messages.ts";
import { onThemeChange, readTheme, wantsReducedMotion } from "./theme.ts";
import { around, between, clamped, panned, zoomed } from "./view-window.ts";

const animationMillis = 110;
const liveNanos = 5e9;
/** Pixels of movement that make a press a drag. */
const dragPixels = 4;

export interface TimelineListener {
  wanted(tiles: readonly TileName[]): void;
  viewChanged(view: View, following: boolean): void;
  selected(hit: Hit): void;
  rangeSelected(from: number, to: number): void;
  hovered(hit: Hit | undefined, x: number, y: number): void;
  drawn(complete: boolean): void;
}

interface Drag {
  readonly x: number;
  readonly view: View;
  readonly kind: "pan" | "range" | "overview";
  moved: boolean;
}

export class TimelineView {
  readonly element = document.createElement("div");
  readonly #listener: TimelineListener;
  readonly #worker: DrawingWorker;
  readonly #canvas = document.createElement("canvas");
  #head: TimelineHead | undefined;
  #view: View = { from: 0, to: liveNanos };
  #following = true;
  #drag: Drag | undefined;
  #animation = 0;
  #size = "";

  constructor(listener: TimelineListener) {
    this.#listener = listener;
    this.element.className = "timeline";
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "application");
    this.element.setAttribute(
      "aria-label",
      "Timeline of the pool's threads. Arrow keys left and right move, up and down select, plus and minus zoom, F fits, question mark lists all keys. A table of what is in view follows.",
    );
    this.element.append(this.#canvas);
    this.#worker = new DrawingWorker((message) => {
      if (message.kind === "wanted") listener.wanted(message.tiles);
      else listener.drawn(message.complete);
    });
    const canvas = this.#canvas.transferControlToOffscreen();
    this.#worker.send({ kind: "canvas", canvas }, [canvas]);
    this.#worker.send({ kind: "theme", theme: readTheme() });
    onThemeChange((theme) => this.#worker.send({ kind: "theme", theme }));
    new ResizeObserver(() => this.#resize()).observe(this.element);
    this.#listen();
  }

  get view(): View {
    return this.#view;
  }

  get following(): boolean {
    return this.#following;
  }

  setHead(head: TimelineHead, cut: boolean): void {
    this.#head = head;
    this.#worker.send({ kind: "head", head, cut });
    this.#resize();
    if (this.#following) this.follow();
  }

  /** The window goes with the newest edge until the person moves it. */
  follow(): void {
    this.#following = true;
    const end = this.#head?.end ?? 0;
    const length = Math.min(liveNanos, Math.max(1e6, end * 1.02));
    this.#show({ from: end * 1.005 - length, to: end * 1.005 });
  }

  restore(view: View, following: boolean): void {
    this.#following = following;
    this.#show(view);
  }

  fit(): void {
    this.#moveTo({ from: 0, to: (this.#head?.end ?? 1) * 1.005 });
  }

  /** Brings an interval into view, unless it is seen well already. */
  reveal(start: number, end: number): void {
    const length = this.#view.to - this.#view.from;
    const seen = start >= this.#view.from && end <= this.#view.to && end - start > length / 100;
    if (!seen) this.#moveTo(around(start, end));
  }

  zoomTo(start: number, end: number): void {
    this.#moveTo(around(start, end));
  }

  select(selection: Selection): void {
    this.#worker.send({ kind: "selection", selection });
  }

  filter(text: string): void {
    this.#worker.send({ kind: "filter", filter: text });
  }

  tile(bytes: Uint8Array): void {
    this.#worker.send({ kind: "tile", bytes });
  }

  /** True when the key meant something here. */
  key(key: string): boolean {
    const middle = (this.#view.from + this.#view.to) / 2;
    switch (key) {
      case "ArrowLeft":
        this.#moveTo(panned(this.#view, -0.2));
        return true;
      case "ArrowRight":
        this.#moveTo(panned(this.#view, 0.2));
        return true;
      case "+":
      case "=":
        this.#moveTo(zoomed(this.#view, middle, 0.5));
        return true;
      case "-":
        this.#moveTo(zoomed(this.#view, middle, 2));
        return true;
      case "Home":
        this.#moveTo({ from: 0, to: this.#view.to - this.#view.from });
        return true;
      case "End":
        this.follow();
        return true;
      case "f":
        this.fit();
        return true;
      default:
        return false;
    }
  }

  #resize(): void {
    const width = this.element.clientWidth;
    const layout = layoutOf(this.#head ?? { isLed: true, isMarked: false, lanes: { length: 4 } });
    const { height } = layout;
    const ratio = window.devicePixelRatio;
    if (this.#size === `${width} ${height} ${ratio}`) return;
    this.#size = `${width} ${height} ${ratio}`;
    // Where the lanes stand, for whoever looks at the picture from outside.
    this.element.dataset["lanes"] = Array.from({ length: layout.lanes }, (_, lane) =>
      stateTop(layout, lane),
    ).join(" ");
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
    this.#worker.send({ kind: "size", width, height, ratio });
  }

  #moveTo(target: View): void {
    this.#following = false;
    const goal = clamped(target, this.#head?.end ?? 0);
    cancelAnimationFrame(this.#animation);
    if (wantsReducedMotion()) return this.#show(goal);
    const start = this.#view;
    const began = performance.now();
    const frame = (now: number): void => {
      const share = Math.min(1, (now - began) / animationMillis);
      this.#show(share === 1 ? goal : between(start, goal, share));
      if (share < 1) this.#animation = requestAnimationFrame(frame);
    };
    this.#animation = requestAnimationFrame(frame);
  }

  #show(view: View): void {
    this.#view = clamped(view, this.#head?.end ?? 0);
    this.#worker.send({ kind: "view", view: this.#view });
    this.#listener.viewChanged(this.#view, this.#following);
  }

  #move(view: View): void {
    cancelAnimationFrame(this.#animation);
    this.#following = false;
    this.#show(view);
  }

  #listen(): void {
    const { element } = this;
    element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    element.addEventListener("pointerdown", (event) => void this.#press(event));
    element.addEventListener("pointermove", (event) => void this.#pointerMoved(event));
    element.addEventListener("pointerup", (event) => void this.#release(event));
    element.addEventListener("pointerleave", () => this.#listener.hovered(undefined, 0, 0));
    element.addEventListener("dblclick", () => this.fit());
  }

  #wheel(event: WheelEvent): void {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    // A plain wheel over a list of lanes that is higher than its frame scrolls it, as everywhere.
    const scrolls = this.element.scrollHeight > this.element.clientHeight + 1;
    if (!sideways && scrolls && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    if (sideways || event.shiftKey) {
      this.#move(panned(this.#view, (event.deltaX || event.deltaY) / 800));
      return;
    }
    const factor = Math.exp(event.deltaY * (event.ctrlKey ? 0.01 : 0.002));
    this.#move(zoomed(this.#view, this.#timeAt(this.#xOf(event)), factor));
  }

  async #press(event: PointerEvent): Promise<void> {
    if (event.button !== 0) return;
    this.element.setPointerCapture(event.pointerId);
    const x = this.#xOf(event);
    const kind = event.shiftKey ? "range" : "pan";
    const drag: Drag = { x, view: this.#view, kind, moved: false };
    this.#drag = drag;
    const hit = await this.#worker.hit(x, this.#yOf(event));
    if (hit.kind === "overview" && this.#drag === drag) {
      this.#drag = { ...drag, kind: "overview" };
      this.#centreOn(hit.time);
    }
  }

  async #pointerMoved(event: PointerEvent): Promise<void> {
    const x = this.#xOf(event);
    const drag = this.#drag;
    if (drag !== undefined) {
      if (Math.abs(x - drag.x) < dragPixels && !drag.moved) return;
      drag.moved = true;
      return this.#dragTo(drag, x);
    }
    const y = this.#yOf(event);
    const hit = await this.#worker.hit(x, y);
    this.#listener.hovered(hit, event.clientX, event.clientY);
  }

  #dragTo(drag: Drag, x: number): void {
    if (drag.kind === "overview") {
      const whole = this.#pixels();
      return this.#centreOn(((x - labelWidth) / whole) * (this.#head?.end ?? 0));
    }
    if (drag.kind === "range") {
      const [from, to] = [this.#timeAt(drag.x), this.#timeAt(x)];
      return this.#listener.rangeSelected(Math.min(from, to), Math.max(from, to));
    }
    const length = drag.view.to - drag.view.from;
    this.#move(panned(drag.view, (drag.x - x) / this.#pixels()));
    // Panning keeps the length, also at the run's edges.
    if (this.#view.to - this.#view.from !== length) this.#show(this.#view);
  }

  #centreOn(time: number): void {
    const half = (this.#view.to - this.#view.from) / 2;
    this.#move({ from: time - half, to: time + half });
  }

  async #release(event: PointerEvent): Promise<void> {
    const drag = this.#drag;
    this.#drag = undefined;
    if (drag === undefined || drag.moved || drag.kind !== "pan") return;
    this.#listener.selected(await this.#worker.hit(this.#xOf(event), this.#yOf(event)));
  }

  #timeAt(x: number): number {
    const { from, to } = this.#view;
    return from + ((x - labelWidth) / this.#pixels()) * (to - from);
  }

  #pixels(): number {
    return Math.max(1, this.element.clientWidth - labelWidth - rightMargin);
  }

  #xOf(event: MouseEvent): number {
    return event.clientX - this.#canvas.getBoundingClientRect().left;
  }

  #yOf(event: MouseEvent): number {
    return event.clientY - this.#canvas.getBoundingClientRect().top;
  }
}
