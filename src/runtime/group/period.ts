// Counts over the last while: those of the running period and of the one before it. What is older is forgotten, so that findings
// tell of now.

export const periodMillis = 10_000;

export class Period<Counts> {
  readonly #now: () => number;
  readonly #zero: () => Counts;
  #start: number;
  #before: Counts;
  #current: Counts;
  #hasBefore = false;

  /** `now` in milliseconds. */
  constructor(now: () => number, zero: () => Counts) {
    this.#now = now;
    this.#zero = zero;
    this.#start = now();
    this.#before = zero();
    this.#current = zero();
  }

  /** To be added to. */
  get current(): Counts {
    const elapsed = this.#now() - this.#start;
    if (elapsed < periodMillis) return this.#current;
    this.#hasBefore = elapsed < 2 * periodMillis;
    this.#before = this.#hasBefore ? this.#current : this.#zero();
    this.#current = this.#zero();
    this.#start += Math.floor(elapsed / periodMillis) * periodMillis;
    return this.#current;
  }

  /** Both periods. */
  get all(): readonly [Counts, Counts] {
    const { current } = this;
    return [this.#before, current];
  }

  /** That both are over. */
  get millis(): number {
    void this.current;
    return this.#now() - this.#start + (this.#hasBefore ? periodMillis : 0);
  }
}
