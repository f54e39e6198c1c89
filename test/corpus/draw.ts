// What a seed decides: names, amounts, order. The same seed draws the same things on every machine.

const nouns = [
  ...[
    "ledger",
    "basket",
    "invoice",
    "route",
    "parcel",
    "ticket",
    "quote",
    "tariff",
    "roster",
    "shelf",
  ],
  ...["harbour", "meter", "voucher", "folio", "crate", "signal", "stock", "queue", "rate", "claim"],
];
const verbs = [
  ...[
    "settle",
    "reprice",
    "assign",
    "merge",
    "audit",
    "refresh",
    "index",
    "rank",
    "charge",
    "pack",
  ],
  ...["route", "verify", "fold", "score", "balance", "collect", "stamp", "sort", "issue", "close"],
];

export class Draw {
  #state: number;
  readonly #used = new Set<string>();

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 0;
  }

  /** From 0 up to 1 (mulberry32). */
  real(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Both ends can be drawn. */
  int(least: number, most: number): number {
    return least + Math.floor(this.real() * (most - least + 1));
  }

  chance(share: number): boolean {
    return this.real() < share;
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[this.int(0, from.length - 1)] ?? from[0];
  }

  shuffled<T>(items: readonly T[]): T[] {
    const keyed = items.map((item) => ({ item, key: this.real() }));
    return keyed.sort((first, second) => first.key - second.key).map(({ item }) => item);
  }

  /** A name that was not drawn before: "repriceParcel". */
  verb(): string {
    return this.#fresh(() => this.#word(verbs) + capital(this.#word(nouns)));
  }

  /** "parcel", "parcelRate". */
  noun(): string {
    return this.#fresh(
      () => this.#word(nouns) + (this.chance(0.5) ? capital(this.#word(nouns)) : ""),
    );
  }

  #word(words: readonly string[]): string {
    return words[this.int(0, words.length - 1)] ?? "word";
  }

  #fresh(make: () => string): string {
    for (;;) {
      const name = make();
      if (this.#used.has(name)) continue;
      this.#used.add(name);
      return name;
    }
  }
}

function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
