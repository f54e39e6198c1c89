// Node's resolve and load hooks over prepared files: a prepared file's own specifiers lead where preparation found them to
// lead, and its text is the prepared one. Everything else is Node's.

import { fileURLToPath, pathToFileURL } from "node:url";
import { libraryFacade, libraryOf, originalQuery, type KnownLibrary } from "./known-libraries.ts";
import type { PreparedFile } from "./prepared-module.ts";

interface Resolved {
  readonly url: string;
  readonly format?: string;
  readonly shortCircuit?: boolean;
}

interface Loaded {
  readonly format: string;
  readonly source?: string | null;
  readonly shortCircuit?: boolean;
}

// Both hooks are passed through as they come, promise or not: registerHooks is synchronous, register is not.
export interface ModuleHooks {
  resolve<R>(
    specifier: string,
    context: { readonly parentURL?: string | undefined },
    next: (specifier: string) => R,
  ): R | Resolved;
  load<R>(
    url: string,
    context: { readonly format?: string | null | undefined },
    next: (url: string) => R,
  ): R | Loaded;
}

export function moduleHooks(files: readonly PreparedFile[]): ModuleHooks {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const fileOf = (url: string | undefined): PreparedFile | undefined =>
    url?.startsWith("file:") === true ? byPath.get(fileURLToPath(url)) : undefined;
  return {
    resolve(specifier, context, next) {
      const target = fileOf(context.parentURL)?.imports[specifier];
      if (target !== undefined) return { url: pathToFileURL(target).href, shortCircuit: true };
      // A prepared file itself, which need not be on disk any more.
      if (fileOf(specifier) !== undefined) return { url: specifier, shortCircuit: true };
      return next(specifier);
    },
    load(url, context, next) {
      const file = fileOf(url);
      if (file === undefined) return loadLibrary(url, context.format ?? "") ?? next(url);
      // CommonJS goes through require's own loader, which install-hooks.ts has taught the prepared text.
      const source = file.format === "commonjs" ? null : file.text;
      return { format: file.format, source, shortCircuit: true };
    },
  };
}

/** Undefined for what is no library's, and for a library behind the module that stands for it. */
function loadLibrary(url: string, format: string): Loaded | undefined {
  if (!url.startsWith("file:") || url.endsWith(originalQuery)) return undefined;
  const library = libraryOf(url);
  if (library === undefined) return undefined;
  if (format === "commonjs") return { format, source: null, shortCircuit: true };
  if (format !== "module" || !isEntry(library, url)) return undefined;
  return { format, source: libraryFacade(library, url), shortCircuit: true };
}

/** Of the libraries that are ES modules. */
function isEntry(library: KnownLibrary, url: string): boolean {
  return url.endsWith(`/node_modules/${library}/index.js`) || url.endsWith("/index.mjs");
}
