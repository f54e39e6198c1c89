// How much a trace may make its reader hold. A file from anywhere is read with these bounds: what goes beyond them is left out and
// told, so that no file ends the process that reads it. They lie far above what a run writes; docs/trace-format.md has them too,
// held against this table by a test.

import type { TableName } from "./tables.ts";

export interface Budgets {
  /**
   * Events that are decoded, of all threads together, of any file; a file has one more for each byte beyond as many. A run's trace
   * takes 1.6 bytes an event or more, so that of a run all are, and a file that claims more for its size is a crafted one.
   */
  readonly events: number;
  /** Of any file, however large: 37 bytes each, and as much again while they are put together. */
  readonly eventsAtMost: number;
  /** Threads: indexes from here on are none. A pool has 250 at most, and some for those that die. */
  readonly threads: number;
  /** Handle sets that threads may lead: a pool has 16 at most. */
  readonly handleSets: number;
  readonly rows: Readonly<Record<TableName, number>>;
  /** UTF-16 units of a name or a message. */
  readonly text: number;
  /** UTF-16 units of a source: a longer one is not kept, as half of one is none. */
  readonly sourceText: number;
  /** Bytes of all tables together, inflated: sources are most of them. */
  readonly tableBytes: number;
  /** Bytes of the header or of the footer, inflated. */
  readonly headerBytes: number;
  /** Values of one chunk's JSON: an empty object takes 3 bytes in the file and 56 in memory. */
  readonly jsonValues: number;
  /** Objects within each other in a header's configuration. */
  readonly jsonDepth: number;
  /** Problems that are told one by one; the rest are counted. */
  readonly problems: number;
  /** Checksums that were computed in vain, as a multiple of the file's length: damage is searched for a whole chunk so far. */
  readonly searches: number;
}

export const budgets: Budgets = {
  events: 4_000_000,
  eventsAtMost: 64_000_000,
  threads: 1024,
  handleSets: 64,
  rows: {
    strings: 2 ** 18,
    sites: 2 ** 16,
    locks: 2 ** 18,
    handlers: 2 ** 11,
    threads: 2 ** 16,
    sources: 2 ** 14,
    ports: 2 ** 16,
    tasks: 2 ** 18,
    unseen: 2 ** 11,
  },
  text: 2 ** 16,
  sourceText: 2 ** 21,
  tableBytes: 2 ** 26,
  headerBytes: 2 ** 20,
  jsonValues: 2 ** 22,
  jsonDepth: 32,
  problems: 100,
  searches: 8,
};

/** How many events of a file of so many bytes are decoded. */
export function mostEvents(fileBytes: number): number {
  return Math.min(budgets.eventsAtMost, Math.max(budgets.events, fileBytes));
}
