// Makes this thread's import and require serve prepared files. Once a thread, before the entry is imported.

import Module, { createRequire } from "node:module";
import { libraryOf } from "./known-libraries.ts";
import { moduleHooks } from "./module-hooks.ts";
import type { PreparedFile } from "./prepared-module.ts";
import { wrappedLibrary } from "./site-holder.ts";

// What is used here of Node's CommonJS loader; undocumented, and stable since Node 0.x.
interface CommonJsLoader {
  _extensions: Record<string, (module: CommonJsModule, path: string) => void>;
  _resolveFilename(request: string, parent: CommonJsModule | undefined, ...rest: unknown[]): string;
  registerHooks?(hooks: object): void;
  register(specifier: URL, options: { readonly data: unknown }): void;
}

interface CommonJsModule {
  readonly filename: string;
  exports: unknown;
  _compile(text: string, path: string): void;
}

const loader = Module as unknown as CommonJsLoader;

export function installHooks(files: readonly PreparedFile[], hooksScript: URL): void {
  patchRequire(files);
  if (loader.registerHooks === undefined) loader.register(hooksScript, { data: files });
  else loader.registerHooks(moduleHooks(files));
}

function patchRequire(files: readonly PreparedFile[]): void {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const resolveFilename = loader._resolveFilename.bind(loader);
  loader._resolveFilename = (request, parent, ...rest) => {
    const from = parent === undefined ? undefined : byPath.get(parent.filename);
    // A prepared file itself need not be on disk any more.
    if (byPath.has(request)) return request;
    return from?.imports[request] ?? resolveFilename(request, parent, ...rest);
  };
  for (const extension of [".js", ".cjs", ".ts", ".cts"]) {
    const before = loader._extensions[extension] ?? loader._extensions[".js"];
    loader._extensions[extension] = (module, path) => {
      const file = byPath.get(path);
      if (file?.format === "commonjs") return module._compile(file.text, path);
      before?.(module, path);
      const library = libraryOf(path);
      if (library !== undefined) module.exports = wrappedLibrary(library, module.exports);
    };
  }
}

export function requireFrom(path: string): NodeJS.Require {
  return createRequire(path);
}
