// The site of a call that the person's code makes into something that is watched. The loader has marked most of them; for
// the rest (a call from a dependency, a function under another name) the stack tells, which costs 4-10 us and is therefore
// asked for only when the call turned out to matter.

import Module from "node:module";
import { basename, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { SiteRow } from "../../trace/tables.ts";
import type { PreparedModule } from "../loader/prepared-module.ts";
import { takeSite } from "../loader/site-holder.ts";
import { attempt } from "./replace-function.ts";
import { keyOfText, type SharedIds } from "./shared-ids.ts";
import type { TellUnseen } from "./unseen.ts";

/** Frames that are looked through for one of the person's. */
const framesRead = 24;

export interface CallSitesSetup {
  readonly prepared: PreparedModule;
  readonly ids: SharedIds;
  /** Word that new sites are counted in; they are numbered after the prepared ones. */
  readonly counter: number;
  /** Tells the supervisor what a new number stands for. */
  added(site: number, row: SiteRow): void;
  readonly tellUnseen: TellUnseen;
}

export class CallSites {
  readonly #setup: CallSitesSetup;
  readonly #sourceOf: ReadonlyMap<string, number>;
  readonly #known = new Map<string, number>();
  readonly #rows = new Map<number, SiteRow>();
  /** Marks that a stack has shown to be where the call is, and those that it has shown not to be. */
  readonly #agreed = new Set<number>();
  readonly #retired = new Set<number>();
  #toldBlind = false;

  constructor(setup: CallSitesSetup) {
    this.#setup = setup;
    const { files, sources, root } = setup.prepared;
    const byPath = new Map(sources.map(({ path }, index) => [path, index]));
    this.#sourceOf = new Map(
      files.map(({ path }) => [path, byPath.get(shownPath(path, root)) ?? -1]),
    );
  }

  /**
   * The mark of the call in progress, 0 when it has none. `names` are how the person's text may call the function; "*" is a
   * function that has a name of the person's own.
   */
  marked(names: readonly string[]): number {
    const site = takeSite();
    const name = this.#setup.prepared.siteNames[site];
    // A mark that some other call left behind, on an object that is no lock, names another method.
    return name !== undefined && (names.includes(name) || names[0] === "*") ? site : 0;
  }

  /** The mark of the call in progress, whatever the function's name; 0 when it has none, or one that has retired. */
  present(): number {
    const site = takeSite();
    return this.#retired.has(site) ? 0 : site;
  }

  /**
   * For a call that has to wait anyway: its mark, if a stack has agreed with it once; else what the stack says. A mark may be
   * stale: `{ run } = other` left it, and a lock that was called without a mark took it.
   */
  whenBlocked(marked: number): number {
    if (this.#agreed.has(marked)) return marked;
    const captured = this.captured();
    if (marked === 0 || captured === 0) return captured === 0 ? marked : captured;
    if (this.#isSameLine(marked, captured)) {
      this.#agreed.add(marked);
      return marked;
    }
    this.#retired.add(marked);
    return captured;
  }

  /** From the stack: the innermost frame in the person's files, else in a dependency. To be called within the call. */
  captured(): number {
    let site = 0;
    // The call that asks is the person's own: a stack that can't be read costs its line, not the call.
    const why = attempt(() => {
      const frames = stackFrames();
      const own = frames.find((frame) => this.#sourceOf.has(frame.file));
      const frame = own ?? frames.find(({ file }) => file.includes(`${sep}node_modules${sep}`));
      if (frame !== undefined) site = this.#siteOf(frame);
    });
    if (why !== undefined && !this.#toldBlind) {
      this.#toldBlind = true;
      this.#setup.tellUnseen("places of calls that only the stack knows", "", why);
    }
    return site;
  }

  /** "accounts.ts:12", for a name that a person recognises; "" for an unknown site. */
  shortName(site: number): string {
    const row = this.#rows.get(site) ?? this.#setup.prepared.sites[site];
    return row === undefined || row.line === 0 ? "" : `${basename(row.file)}:${row.line}`;
  }

  #isSameLine(marked: number, captured: number): boolean {
    const row = this.#setup.prepared.sites[marked];
    const seen = this.#rows.get(captured);
    return row?.file === seen?.file && row?.line === seen?.line;
  }

  #siteOf(frame: Frame): number {
    const text = `${frame.file}:${frame.line}:${frame.column}`;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const { ids, counter, prepared } = this.#setup;
    const id = ids.claim(keyOfText(text), counter);
    if (id === undefined) return 0;
    const site = prepared.sitesMetFrom + id.number;
    const row = this.#row(frame);
    this.#known.set(text, site);
    this.#rows.set(site, row);
    if (id.isNew) this.#setup.added(site, row);
    return site;
  }

  #row(frame: Frame): SiteRow {
    const { file, line, column, function: within } = original(frame);
    const source = this.#sourceOf.get(file) ?? -1;
    const shown = shownPath(file, this.#setup.prepared.root);
    return { source, file: shown, line, column, function: within };
  }
}

function shownPath(path: string, root: string): string {
  const short = relative(root, path);
  return short.startsWith("..") ? path : short.split(sep).join("/");
}

interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly function: string;
}

function stackFrames(): Frame[] {
  return stackCalls().flatMap((call) => {
    const name = call.getFileName();
    const line = call.getLineNumber();
    if (typeof name !== "string" || line === null) return [];
    const file = name.startsWith("file:") ? fileURLToPath(name) : name;
    const column = call.getColumnNumber() ?? 1;
    return [{ file, line, column, function: call.getFunctionName() ?? "" }];
  });
}

function stackCalls(): readonly NodeJS.CallSite[] {
  const { stackTraceLimit, prepareStackTrace } = Error;
  try {
    Error.stackTraceLimit = framesRead;
    Error.prepareStackTrace = (_error, calls) => calls;
    return new Error().stack as unknown as readonly NodeJS.CallSite[];
  } finally {
    // Where Error is frozen nothing was set, and nothing is to be put back.
    Reflect.set(Error, "prepareStackTrace", prepareStackTrace);
    Reflect.set(Error, "stackTraceLimit", stackTraceLimit);
  }
}

/** Through the source map that the loader made, or that came with a compiled file. */
function original(frame: Frame): Frame {
  const map = Module.findSourceMap(frame.file);
  const found = map?.findEntry(frame.line - 1, frame.column - 1);
  if (found === undefined || !("originalLine" in found)) return frame;
  const { originalSource, originalLine, originalColumn } = found;
  const file = originalSource.startsWith("file:") ? fileURLToPath(originalSource) : frame.file;
  return { ...frame, file, line: originalLine + 1, column: originalColumn + 1 };
}
