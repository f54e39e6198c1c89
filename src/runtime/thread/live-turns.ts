// The turns of a thread that have begun and not settled: mostly one, up to ten thousand in the event-loop model. A list in which
// each turn knows its place, since adding to a Map and deleting again costs as much as a short handler (measured).

import type { Turn } from "./turn.ts";

export class LiveTurns {
  readonly #turns: Turn[] = [];

  get count(): number {
    return this.#turns.length;
  }

  /** The one live turn; undefined when there is none, or more than one. */
  get only(): Turn | undefined {
    return this.#turns.length === 1 ? this.#turns[0] : undefined;
  }

  add(turn: Turn): void {
    turn.place = this.#turns.length;
    this.#turns.push(turn);
  }

  /** The last one takes the place of the one that goes. */
  remove(turn: Turn): void {
    const last = this.#turns.pop();
    if (last === undefined || last === turn) return;
    this.#turns[turn.place] = last;
    last.place = turn.place;
  }

  inSlot(slot: number): Turn | undefined {
    return this.#turns.find((turn) => turn.slot === slot);
  }
}
