// What the transform's and the loader's insertions call in a thread. A call's site id: `m.acquire(...($poolscope.s = 17, []))`
// sets it as the last of the call's arguments without adding one; the lock takes it at its entry. And the wrap through which
// a known library's exports go.

import type { KnownLibrary } from "./known-libraries.ts";

interface SiteHolder {
  s: number;
  wrap(library: KnownLibrary, exported: unknown): unknown;
}

const holder: SiteHolder = { s: 0, wrap: (_library, exported) => exported };
const isThere = Reflect.defineProperty(globalThis, "$poolscope", { value: holder });

/** False where the global object takes no more properties: no marked text can run there. */
export function isHolderThere(): boolean {
  return isThere;
}

/** The site id of the call in progress, 0 when its text was not ours to mark. */
export function takeSite(): number {
  const site = holder.s;
  holder.s = 0;
  return site;
}

/** To be set before the handlers are loaded. */
export function wrapLibraries(wrap: SiteHolder["wrap"]): void {
  holder.wrap = wrap;
}

/** For a library that is required. */
export function wrappedLibrary(library: KnownLibrary, exported: unknown): unknown {
  return holder.wrap(library, exported);
}
