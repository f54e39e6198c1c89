// The guards that a thread's turns hold now: what is still here when its turn settles was left held by mistake.

export interface HeldGuard {
  readonly turn: number;
  readonly lock: number;
  readonly name: string;
  readonly site: number;
  readonly acquisition: number;
  readonly released: boolean;
  readonly shared: boolean;
  readonly owned: boolean;
  takeBack(): void;
}

export class HeldGuards {
  readonly #guards = new Set<HeldGuard>();
  readonly #orders = new Set<number>();
  /** Acquires that are awaited, by turn; `over` once the turn has settled without them. */
  readonly #awaited = new Map<number, { count: number; over: boolean }>();
  /** Hears of a guard that came after its turn had settled, and was given back at once. */
  onLate: (guard: HeldGuard) => void = () => undefined;

  add(guard: HeldGuard): void {
    this.#guards.add(guard);
  }

  delete(guard: HeldGuard): void {
    this.#guards.delete(guard);
  }

  /** An acquire that its turn awaits. */
  beginAwaiting(turn: number): void {
    const awaited = this.#awaited.get(turn);
    if (awaited === undefined) this.#awaited.set(turn, { count: 1, over: false });
    else awaited.count++;
  }

  /** True when the turn has settled meanwhile: perhaps nobody is left to give back what comes now. */
  endAwaiting(turn: number): boolean {
    const awaited = this.#awaited.get(turn);
    if (awaited === undefined) return false;
    if (--awaited.count === 0) this.#awaited.delete(turn);
    return awaited.over;
  }

  /** Never of turn 0: what code of no turn holds may be another's, which gives it back by itself. */
  holds(lock: number, turn: number): boolean {
    // Mostly so, and an iterator costs more than the whole acquire of a free lock.
    if (this.#guards.size === 0 || turn === 0) return false;
    for (const guard of this.#guards) if (guard.lock === lock && guard.turn === turn) return true;
    return false;
  }

  /** Whether what this thread holds of the lock itself keeps it from taking it again. */
  keepsOut(lock: number, asReader: boolean): boolean {
    for (const guard of this.#guards) {
      if (guard.lock === lock && !(asReader && guard.shared)) return true;
    }
    return false;
  }

  /** Locks that this thread holds, for the observed lock order. */
  all(): Iterable<HeldGuard> {
    return this.#guards;
  }

  /** True the first time this thread takes `wanted` while it holds `held`. */
  isNewOrder(held: number, wanted: number): boolean {
    // Lock indexes stay far below 2^20.
    const order = held * 2 ** 20 + wanted;
    if (this.#orders.has(order)) return false;
    this.#orders.add(order);
    return true;
  }

  get size(): number {
    return this.#guards.size;
  }

  /** Takes back what the turn still holds, and returns it. */
  releaseTurn(turn: number): readonly HeldGuard[] {
    const awaited = this.#awaited.get(turn);
    if (awaited !== undefined) awaited.over = true;
    if (this.#guards.size === 0) return [];
    const left = [...this.#guards].filter((guard) => guard.turn === turn);
    for (const guard of left) guard.takeBack();
    return left;
  }
}
