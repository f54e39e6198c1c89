// A person's module with its whole local import graph, ready to run: read, types stripped, sites marked. Plain data, made
// once by the main thread and handed to every thread, so that all of them run the same text with the same site ids.

import type { SiteRow, SourceRow } from "../../trace/tables.ts";

export interface PreparedFile {
  readonly path: string;
  readonly format: "module" | "commonjs";
  readonly text: string;
  /** What each specifier in this file leads to, for those that lead to a prepared file. */
  readonly imports: Readonly<Record<string, string>>;
}

export interface PreparedModule {
  readonly entry: string;
  readonly files: readonly PreparedFile[];
  /** By site id; row 0 is "unknown". */
  readonly sites: readonly SiteRow[];
  readonly sources: readonly SourceRow[];
  /** Exported name (or "default") to the site where its function begins. */
  readonly handlerSites: Readonly<Record<string, number>>;
  /** The entry imports piscina or tinypool, so its handlers are given the payload itself. */
  readonly isPoolWorkerFile: boolean;
}
