// Reads a handler module and everything that it imports from the person's own files, strips types, marks sites. Called once,
// by the main thread; threads get the result (see load-module.ts).

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import type { SiteRow, SourceRow } from "../../trace/tables.ts";
import { originalPosition, readCompiledMap } from "./compiled-map.ts";
import { LoadError, type LoadProblem } from "./load-problem.ts";
import { markSites } from "./mark-sites.ts";
import { exportedFunctions, formatOf, importsOf } from "./module-imports.ts";
import type { PreparedFile, PreparedModule } from "./prepared-module.ts";
import { takesPayloadItself } from "./pool-worker-file.ts";
import { refuseUsing } from "./refuse-using.ts";
import { isSourceFile, resolveImport } from "./resolve-import.ts";
import { stripTypes } from "./strip-types.ts";
import { parseSource, type Node } from "./syntax-tree.ts";

export type Prepared =
  | { readonly kind: "prepared"; readonly module: PreparedModule }
  | { readonly kind: "refused"; readonly problem: LoadProblem };

/**
 * `path` and `root` are absolute. `texts` stand in place of files, by absolute path: another version of them. Never throws
 * for what is wrong with the person's files. `after` is what a trace has already: the module's new sites and sources come behind.
 */
export async function prepareModule(
  path: string,
  root: string,
  texts: Readonly<Record<string, string>> = {},
  after?: PreparedBefore,
): Promise<Prepared> {
  try {
    return { kind: "prepared", module: await new Preparation(path, root, texts, after).run() };
  } catch (error) {
    if (error instanceof LoadError) return { kind: "refused", problem: error.problem };
    throw error;
  }
}

/** What stands in the tables of a trace before a module is prepared anew. */
export interface PreparedBefore {
  readonly sites: readonly SiteRow[];
  readonly sources: readonly SourceRow[];
  /** As in PreparedModule; undefined for the first module, which decides it. */
  readonly sitesMetFrom: number | undefined;
}

export const unknownSite: SiteRow = { source: -1, file: "", line: 0, column: 0, function: "" };
const nothingBefore: PreparedBefore = {
  sites: [unknownSite],
  sources: [],
  sitesMetFrom: undefined,
};

class Preparation {
  readonly #entry: string;
  readonly #root: string;
  readonly #texts: Readonly<Record<string, string>>;
  readonly #files = new Map<string, PreparedFile>();
  readonly #sites: SiteRow[];
  readonly #siteNames: string[];
  readonly #sources: SourceRow[];
  readonly #after: PreparedBefore;
  readonly #handlerSites: Record<string, number> = {};
  #isPoolWorkerFile = false;

  constructor(
    entry: string,
    root: string,
    texts: Readonly<Record<string, string>>,
    after: PreparedBefore = nothingBefore,
  ) {
    this.#entry = entry;
    this.#root = root;
    this.#texts = texts;
    this.#after = after;
    this.#sites = [...after.sites];
    this.#siteNames = after.sites.map(() => "");
    this.#sources = [...after.sources];
  }

  async run(): Promise<PreparedModule> {
    const waiting = [this.#entry];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (this.#files.has(path)) continue;
      const file = await this.#prepareFile(path);
      this.#files.set(path, file);
      waiting.push(...Object.values(file.imports));
    }
    return {
      entry: this.#entry,
      root: this.#root,
      files: [...this.#files.values()],
      sites: this.#sites,
      siteNames: this.#siteNames,
      sitesMetFrom: this.#after.sitesMetFrom ?? this.#sites.length,
      sources: this.#sources,
      handlerSites: this.#handlerSites,
      isPoolWorkerFile: this.#isPoolWorkerFile,
    };
  }

  async #prepareFile(path: string): Promise<PreparedFile> {
    const written = this.#read(path);
    const text = /\.[mc]?ts$/.test(path) ? await stripTypes(written, path) : written;
    const tree = parseSource(text, path);
    refuseUsing(tree, path);
    const map = readCompiledMap(text, path);
    const source = this.#addSource(path, written);
    const mapFile = map === undefined ? pathToFileURL(path).href : undefined;
    const marked = markSites(text, tree, this.#sites.length, mapFile);
    for (const site of marked.sites) {
      this.#siteNames[this.#sites.length] = site.name;
      const original = map && originalPosition(map, path, site.line, site.column);
      if (original === undefined)
        this.#addSite(source, path, site.line, site.column, site.function);
      else {
        const { file, line, column } = original;
        this.#addSite(this.#addOriginal(file), file, line, column, site.function);
      }
    }
    if (path === this.#entry) {
      this.#addHandlerSites(tree, source);
      if (takesPayloadItself(tree)) this.#isPoolWorkerFile = true;
    }
    return {
      path,
      format: formatOf(path, tree),
      text: marked.text,
      imports: this.#imports(path, tree),
    };
  }

  #read(path: string): string {
    const given = this.#texts[path];
    if (given !== undefined) return given;
    try {
      if (statSync(path).isDirectory()) {
        throw new LoadError({ message: "This is a folder, not a handler module.", file: path });
      }
      const text = readFileSync(path, "utf8");
      if (text.trim() !== "" || path !== this.#entry) return text;
    } catch (error) {
      if (error instanceof LoadError) throw error;
      const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
      const message = why === "ENOENT" ? "There is no such file." : `It can't be read: ${why}.`;
      throw new LoadError({ message, file: path });
    }
    throw new LoadError({
      message: "The file is empty.",
      file: path,
      advice: "Export at least one handler: export default async function (event, ctx) { ... }",
    });
  }

  #imports(path: string, tree: Node): Record<string, string> {
    const imports: Record<string, string> = {};
    for (const { specifier, line, column } of importsOf(tree)) {
      if (path === this.#entry && /^(piscina|tinypool)$/.test(specifier))
        this.#isPoolWorkerFile = true;
      if (!/^\.{0,2}\//.test(specifier)) continue;
      const target = resolveImport(specifier, path, this.#texts);
      if (target === undefined) {
        throw new LoadError({
          message: `"${specifier}" leads to no file.`,
          file: path,
          line,
          column,
        });
      }
      if (isSourceFile(target)) imports[specifier] = target;
    }
    return imports;
  }

  #addHandlerSites(tree: Node, source: number): void {
    for (const { name, line, column } of exportedFunctions(tree)) {
      this.#handlerSites[name] = this.#addSite(source, this.#entry, line, column, name);
    }
  }

  #addSite(source: number, path: string, line: number, column: number, within: string): number {
    return (
      this.#sites.push({ source, file: this.#shown(path), line, column, function: within }) - 1
    );
  }

  #addOriginal(path: string): number {
    const known = this.#sources.findLastIndex((row) => row.path === this.#shown(path));
    if (known >= this.#after.sources.length) return known;
    try {
      return this.#addSource(path, readFileSync(path, "utf8"));
    } catch {
      // The original was not shipped beside its map: the site still names it.
      return -1;
    }
  }

  #addSource(path: string, text: string): number {
    const sha256 = createHash("sha256").update(text).digest("hex");
    return this.#sources.push({ path: this.#shown(path), sha256, text }) - 1;
  }

  #shown(path: string): string {
    const short = relative(this.#root, path);
    return short.startsWith("..") ? path : short.split(sep).join("/");
  }
}
