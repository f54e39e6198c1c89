// The tiles that the worker has, and which it wants. A tile of a live run that the trace may still grow into is asked for
// again when the trace has a newer state; until then the old one is drawn.

import type { TileName } from "../../protocol/panel-messages.ts";
import { tileNanos, type Tile } from "../../protocol/timeline.ts";

const mostTiles = 160;
const coarsest = 23;

export class TileCache {
  readonly #tiles = new Map<string, Tile>();
  #revision = 0;

  /** A newer state of the trace: what is not whole is to be asked for again. */
  newRevision(revision: number): void {
    this.#revision = revision;
  }

  put(tile: Tile): void {
    const key = keyOf(tile);
    this.#tiles.delete(key);
    this.#tiles.set(key, tile);
    for (const oldest of this.#tiles.keys()) {
      if (this.#tiles.size <= mostTiles) break;
      this.#tiles.delete(oldest);
    }
  }

  /** The tiles from `from` to `to`, and the names of those to be asked for. */
  cover(
    level: number,
    from: number,
    to: number,
  ): { readonly tiles: readonly PlacedTile[]; readonly wanted: readonly TileName[] } {
    const tiles: PlacedTile[] = [];
    const wanted: TileName[] = [];
    const nanos = tileNanos(level);
    const first = Math.max(0, Math.floor(from / nanos));
    for (let index = first; index * nanos < to; index++) {
      const start = index * nanos;
      const tile = this.#get(level, index);
      if (tile === undefined || this.#isOld(tile)) wanted.push({ level, index });
      const drawn = tile ?? this.#coarser(level, start);
      if (drawn !== undefined) tiles.push({ tile: drawn, start, end: start + nanos });
    }
    return { tiles, wanted };
  }

  #isOld(tile: Tile): boolean {
    return !tile.whole && tile.revision < this.#revision;
  }

  #coarser(level: number, start: number): Tile | undefined {
    for (let above = level + 1; above <= coarsest; above++) {
      const tile = this.#get(above, Math.floor(start / tileNanos(above)));
      if (tile !== undefined) return tile;
    }
    return undefined;
  }

  #get(level: number, index: number): Tile | undefined {
    const key = keyOf({ level, index });
    const tile = this.#tiles.get(key);
    if (tile !== undefined) {
      // Used last: dropped last.
      this.#tiles.delete(key);
      this.#tiles.set(key, tile);
    }
    return tile;
  }
}

/** A tile and the stretch of time that it is drawn for: less than its own where it stands in for a finer one. */
export interface PlacedTile {
  readonly tile: Tile;
  readonly start: number;
  readonly end: number;
}

function keyOf({ level, index }: TileName): string {
  return `${level}/${index}`;
}
