// Rows of a table reach the supervisor from several threads in any order, while the table's rows are appended in the order of
// their indexes. An index whose thread died before it could tell is filled when the pool closes.

export class RowOrder<Row> {
  readonly #append: (rows: readonly Row[]) => void;
  readonly #unknown: Row;
  readonly #early = new Map<number, Row>();
  #next: number;

  /** `first` is the first index that is still to come; `unknown` stands for a row that never came. */
  constructor(first: number, unknown: Row, append: (rows: readonly Row[]) => void) {
    this.#next = first;
    this.#unknown = unknown;
    this.#append = append;
  }

  add(id: number, row: Row): void {
    this.#early.set(id, row);
    const rows: Row[] = [];
    for (let next = this.#early.get(this.#next); next !== undefined;) {
      rows.push(next);
      this.#early.delete(this.#next);
      this.#next++;
      next = this.#early.get(this.#next);
    }
    if (rows.length > 0) this.#append(rows);
  }

  /** Nothing more comes: what waited for a row before it is appended behind unknown ones. */
  close(): void {
    while (this.#early.size > 0) this.add(this.#next, this.#unknown);
  }
}
