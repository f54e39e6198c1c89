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
  /** Absolute; sources and sites are named relative to it. */
  readonly root: string;
  readonly files: readonly PreparedFile[];
  /** By site id; row 0 is "unknown". */
  readonly sites: readonly SiteRow[];
  /** By site id: the method or function that the marked call names, "" for a site that is no call. */
  readonly siteNames: readonly string[];
  /** Ids of sites that are first met at run time begin here; replaced handlers' sites are among them. */
  readonly sitesMetFrom: number;
  readonly sources: readonly SourceRow[];
  /** Exported name (or "default") to the site where its function begins. */
  readonly handlerSites: Readonly<Record<string, number>>;
  /** Of piscina or tinypool, as far as can be seen: its function is given the payload itself. */
  readonly isPoolWorkerFile: boolean;
}
