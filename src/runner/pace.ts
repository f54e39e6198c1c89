// The submitting loop's waits: for a place in flight, for a moment, or until it is told to stop.

export class Pace {
  #stopped = false;
  /** Resolves the present wait. */
  #wake: () => void = ignore;

  get stopped(): boolean {
    return this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /** To be called whenever an event settles. */
  readonly settled = (): void => this.#wake();

  settledOne(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Timers are too coarse for short intervals: what is due within a millisecond is submitted at once. */
  async until(moment: number): Promise<void> {
    const left = moment - performance.now();
    if (left < 1 || this.#stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, left);
      this.#wake = () => {
        if (!this.#stopped) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function ignore(): void {
  return undefined;
}
