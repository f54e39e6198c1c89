// Serves prepared files to Node 20's module loader, whose hooks run in a thread of their own. Later versions call the same
// two functions in the thread itself (install-hooks.ts).

import { moduleHooks, type ModuleHooks } from "./module-hooks.ts";
import type { PreparedFile } from "./prepared-module.ts";

let hooks: ModuleHooks = moduleHooks([]);

export function initialize(files: readonly PreparedFile[]): void {
  hooks = moduleHooks(files);
}

export const resolve: ModuleHooks["resolve"] = (specifier, context, next) =>
  hooks.resolve(specifier, context, next);

export const load: ModuleHooks["load"] = (url, context, next) => hooks.load(url, context, next);
