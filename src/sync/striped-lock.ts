// Many locks under one name: a key always has the same one, and different keys mostly have different ones.

import type { ScopedLock } from "./scoped-lock.ts";

export class StripedLock {
  readonly #stripes: (ScopedLock | undefined)[];
  readonly #make: (stripe: number) => ScopedLock;

  constructor(count: number, make: (stripe: number) => ScopedLock) {
    this.#stripes = Array.from({ length: count }, () => undefined);
    this.#make = make;
  }

  /** 1 and "1" are the same key. */
  of(key: string | number): ScopedLock {
    const stripe = hash(String(key)) % this.#stripes.length;
    return (this.#stripes[stripe] ??= this.#make(stripe));
  }
}

/** FNV-1a over UTF-16 units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  return value >>> 0;
}
