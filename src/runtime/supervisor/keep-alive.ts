// Keeps the process alive while its pool has something to do, and no longer: a pool that nobody
// closed is no reason for a program to go on. The pool's threads never keep it alive by themselves
// (hear-thread.ts); a timer of the main thread stands for them. It costs nothing for each event: it
// is started by the first of many, and looks by itself whether it is still needed.

const lookEveryMillis = 25;
/**
 * Looks in a row that find nothing: a thread tells of a timer that an event left behind a little
 * after it settles the event.
 */
const looksToEnd = 2;

export class KeepAlive {
  readonly #isBusy: () => boolean;
  #timer: NodeJS.Timeout | undefined;
  #works = 0;
  #quiet = 0;

  /** `isBusy` is asked now and then, from `begun` on until it was false. */
  constructor(isBusy: () => boolean) {
    this.#isBusy = isBusy;
  }

  /** Something has begun of which `isBusy` tells. */
  begun(): void {
    this.#quiet = 0;
    this.#timer ??= setInterval(() => this.#look(), lookEveryMillis);
  }

  /** Until the work has settled, whatever `isBusy` says. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#works++;
    this.begun();
    try {
      return await work;
    } finally {
      this.#works--;
    }
  }

  /** Nothing is to be waited for from now on. */
  end(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    this.#quiet = this.#works > 0 || this.#isBusy() ? 0 : this.#quiet + 1;
    if (this.#quiet >= looksToEnd) this.end();
  }
}
