// The guards that a thread's turns hold now: what is still here when its turn settles was left held by mistake.

export interface HeldGuard {
  readonly turn: number;
  readonly lock: number;
  readonly name: string;
  readonly site: number;
  readonly released: boolean;
  release(): void;
}

export class HeldGuards {
  readonly #guards = new Set<HeldGuard>();
  readonly #orders = new Set<number>();

  add(guard: HeldGuard): void {
    this.#guards.add(guard);
  }

  delete(guard: HeldGuard): void {
    this.#guards.delete(guard);
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

  /** Releases what the turn still holds and returns the locks' names. */
  releaseTurn(turn: number): readonly string[] {
    if (this.#guards.size === 0) return [];
    const left = [...this.#guards].filter((guard) => guard.turn === turn);
    for (const guard of left) guard.release();
    return left.map((guard) => guard.name);
  }
}
