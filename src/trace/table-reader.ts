// Appends rows to a trace's tables: the one place where rows are checked. A row's fields that fail stand as unknown; a row keeps
// its place, so that no index changes its meaning. Only a row that should say its index itself, and does not, is left out.

import { budgets } from "./budgets.ts";
import type { ProblemList } from "./problem-list.ts";
import { rowsWithoutSecrets } from "./secrets.ts";
import { tableKinds, type TableKind } from "./table-kinds.ts";
import type { TableName, Tables } from "./tables.ts";
import { told } from "./value-kind.ts";

type Growing = { readonly [Name in TableName]: Tables[Name][number][] };

export class TableReader {
  readonly tables: Growing = {
    strings: [],
    sites: [],
    locks: [],
    handlers: [],
    threads: [],
    sources: [],
    ports: [],
    tasks: [],
    unseen: [],
  };
  readonly #problems: ProblemList;
  /** Of tables whose rows say their index: where each one's row stands. */
  readonly #places = new Map<TableName, Map<number, number>>();
  readonly #full = new Map<TableName, number>();

  constructor(problems: ProblemList) {
    this.#problems = problems;
  }

  /** Throws on what is no rows at all. */
  append(value: unknown, offset: number): void {
    const { table, rows } = (value ?? {}) as { readonly table?: unknown; readonly rows?: unknown };
    if (!isTable(table)) throw new Error("it belongs to a table that this version does not know");
    if (!Array.isArray(rows)) throw new Error(`table ${table} has no rows`);
    const room = budgets.rows[table] - this.tables[table].length;
    this.#appendTo(table, tableKinds[table] as TableKind<unknown>, rows.slice(0, room), offset);
    if (rows.length > room) {
      this.#full.set(table, (this.#full.get(table) ?? 0) + rows.length - room);
    }
  }

  /** Tells what was left out in the end. */
  close(): void {
    for (const [name, rows] of this.#full) {
      const most = budgets.rows[name].toLocaleString("en-US");
      const more = rows.toLocaleString("en-US");
      this.#problems.leftOut(
        `The table ${name} has more than ${most} rows; the other ${more} were left out.`,
      );
    }
  }

  #appendTo(
    name: TableName,
    { row: kind, indexOf }: TableKind<unknown>,
    rows: readonly unknown[],
    offset: number,
  ): void {
    const into: unknown[] = this.tables[name];
    for (const row of rows) {
      const { value: read, fault } = kind.read(row);
      const [value] = rowsWithoutSecrets(name, [read]);
      const number = into.length;
      if (fault !== undefined) {
        this.#problems.add(() => `Row ${number} of the table ${name}: ${told(fault)}.`, offset);
      }
      const index = indexOf?.(value);
      if (index === undefined) into.push(value);
      else if (index >= 0) into[this.#placeOf(name, index, number)] = value;
    }
  }

  /** A later row of the same index takes the earlier one's place: another thread began in that seat. */
  #placeOf(name: TableName, index: number, next: number): number {
    const places = this.#places.get(name) ?? new Map<number, number>();
    this.#places.set(name, places);
    const known = places.get(index);
    if (known === undefined) places.set(index, next);
    return known ?? next;
  }
}

function isTable(name: unknown): name is TableName {
  return typeof name === "string" && Object.hasOwn(tableKinds, name);
}
