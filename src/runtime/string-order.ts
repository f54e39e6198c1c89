// Strings reach the supervisor from several threads in any order; a table's rows are appended in the order of their
// indexes. Row 0 means "unknown". A number whose thread died before it could tell is filled when the run ends.

export class StringOrder {
  readonly #append: (rows: readonly string[]) => void;
  readonly #early = new Map<number, string>();
  #next = 0;

  constructor(append: (rows: readonly string[]) => void) {
    this.#append = append;
    this.add(0, "");
  }

  add(id: number, text: string): void {
    this.#early.set(id, text);
    const rows: string[] = [];
    for (let row = this.#early.get(this.#next); row !== undefined;) {
      rows.push(row);
      this.#early.delete(this.#next);
      this.#next++;
      row = this.#early.get(this.#next);
    }
    if (rows.length > 0) this.#append(rows);
  }
}
