// Figures of what is in view: asked for when it has come to rest.

const restMillis = 250;

export class ViewFigures {
  readonly #ask: () => Promise<void>;
  #timer = 0;

  constructor(ask: () => Promise<void>) {
    this.#ask = ask;
  }

  soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), restMillis);
  }
}
