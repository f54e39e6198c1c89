// Starts the drawing worker. Its text is inlined in this bundle: under the page's policy only a blob may become a worker.

import type { FromDrawing, Hit, ToDrawing } from "./drawing/messages.ts";

declare const drawingWorkerText: string;

export class DrawingWorker {
  readonly #worker: Worker;
  readonly #hits = new Map<number, (hit: Hit) => void>();
  #requests = 0;

  constructor(heard: (message: Exclude<FromDrawing, { kind: "hit" }>) => void) {
    const url = URL.createObjectURL(new Blob([drawingWorkerText], { type: "text/javascript" }));
    this.#worker = new Worker(url);
    this.#worker.addEventListener("message", ({ data }: MessageEvent<FromDrawing>) => {
      if (data.kind !== "hit") return heard(data);
      this.#hits.get(data.request)?.(data.hit);
      this.#hits.delete(data.request);
    });
  }

  send(message: ToDrawing, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  hit(x: number, y: number): Promise<Hit> {
    const request = ++this.#requests;
    return new Promise((resolve) => {
      this.#hits.set(request, resolve);
      this.send({ kind: "hit", request, x, y });
    });
  }
}
