// Makes this thread's import and require serve prepared files. Once a thread, before the entry is imported. Where Node does
// not let it, the answer says why, and Node loads what lies on disk (load-module.ts decides whether that will do).

import Module, { createRequire } from "node:module";
import {
  attempt,
  replaceFunction,
  type AnyFunction,
  type WhyLeft,
} from "../watch/replace-function.ts";
import { libraryOf } from "./known-libraries.ts";
import { moduleHooks } from "./module-hooks.ts";
import type { PreparedFile } from "./prepared-module.ts";
import { isHolderThere, wrappedLibrary } from "./site-holder.ts";

// What is used here of Node's CommonJS loader; undocumented, and stable since Node 0.x.
interface CommonJsLoader {
  readonly _extensions: Readonly<Record<string, LoadFile | undefined>>;
  registerHooks?(hooks: object): { deregister(): void };
  register(specifier: URL, options: { readonly data: unknown }): void;
}

type LoadFile = (module: CommonJsModule, path: string) => void;
type ResolveFilename = (
  request: string,
  parent: CommonJsModule | undefined,
  ...rest: unknown[]
) => string;

interface CommonJsModule {
  readonly filename: string;
  exports: unknown;
  _compile(text: string, path: string): void;
}

type FilesByPath = ReadonlyMap<string, PreparedFile>;

const loader = Module as unknown as CommonJsLoader;

const nothing = (): void => undefined;

/** Undefined when the hooks stand. */
export function installHooks(
  files: readonly PreparedFile[],
  hooksScript: URL,
): WhyLeft | undefined {
  // Marked text can't run without it.
  if (!isHolderThere()) return "it may not be changed";
  let takeBack = nothing;
  const why =
    attempt(() => {
      takeBack = registerHooks(files, hooksScript);
    }) ?? patchRequire(new Map(files.map((file) => [file.path, file])));
  // Hooks that stand alone leave the text of a CommonJS file to a require that does not know it.
  if (why !== undefined) attempt(takeBack);
  return why;
}

/** Returns what takes them back, where Node can do that. */
function registerHooks(files: readonly PreparedFile[], hooksScript: URL): () => void {
  if (loader.registerHooks !== undefined) {
    const hooks = loader.registerHooks(moduleHooks(files));
    return () => hooks.deregister();
  }
  loader.register(hooksScript, { data: files });
  return nothing;
}

function patchRequire(byPath: FilesByPath): WhyLeft | undefined {
  const why = replaceFunction(loader, "_resolveFilename", (original) =>
    resolving(byPath, original as ResolveFilename),
  );
  if (why !== undefined) return why;
  for (const extension of [".js", ".cjs", ".ts", ".cts"]) {
    const whyNot = loadExtension(byPath, extension);
    if (whyNot !== undefined) return whyNot;
  }
  return undefined;
}

function resolving(byPath: FilesByPath, resolveFilename: ResolveFilename): AnyFunction {
  const resolve: ResolveFilename = (request, parent, ...rest) => {
    const from = parent === undefined ? undefined : byPath.get(parent.filename);
    // A prepared file itself need not be on disk any more.
    if (byPath.has(request)) return request;
    return from?.imports[request] ?? resolveFilename.call(loader, request, parent, ...rest);
  };
  return resolve as AnyFunction;
}

/** ".js" comes first: files of an extension that Node does not know are loaded as those are, prepared or not. */
function loadExtension(byPath: FilesByPath, extension: string): WhyLeft | undefined {
  const { _extensions: extensions } = loader;
  if (extensions[extension] === undefined) {
    const value = extensions[".js"];
    const added = { value, writable: true, enumerable: true, configurable: true };
    return Reflect.defineProperty(extensions, extension, added)
      ? undefined
      : "it may not be changed";
  }
  return replaceFunction(extensions, extension, (original) => {
    const load = (module: CommonJsModule, path: string): void => {
      const file = byPath.get(path);
      if (file?.format === "commonjs") return module._compile(file.text, path);
      (original as LoadFile)(module, path);
      const library = libraryOf(path);
      if (library !== undefined) module.exports = wrappedLibrary(library, module.exports);
    };
    return load as AnyFunction;
  });
}

export function requireFrom(path: string): NodeJS.Require {
  return createRequire(path);
}
