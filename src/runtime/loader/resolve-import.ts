// Which file a relative specifier leads to: as written, `.js` for a `.ts` file, without an extension, or a folder's index.

import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

const extensions = [".ts", ".mts", ".cts", ".js", ".mjs", ".cjs"];
const typescriptTwin: Readonly<Record<string, string>> = {
  ".js": ".ts",
  ".mjs": ".mts",
  ".cjs": ".cts",
};

/** Undefined when no such file exists. `specifier` begins with a dot or a slash; `given` files count as existing. */
export function resolveImport(
  specifier: string,
  from: string,
  given: Readonly<Record<string, string>>,
): string | undefined {
  const target = resolve(dirname(from), specifier);
  return candidates(target).find((path) => Object.hasOwn(given, path) || isFile(path));
}

function candidates(target: string): readonly string[] {
  const extension = /\.[mc]?js$/.exec(target)?.[0];
  const twin = extension === undefined ? undefined : typescriptTwin[extension];
  return [
    target,
    ...(twin === undefined || extension === undefined
      ? []
      : [target.slice(0, -extension.length) + twin]),
    ...extensions.map((each) => target + each),
    ...extensions.map((each) => resolve(target, `index${each}`)),
  ];
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** Whether the loader reads and marks this file itself; JSON and addons are left to Node. */
export function isSourceFile(path: string): boolean {
  return extensions.some((each) => path.endsWith(each)) && !path.includes("/node_modules/");
}
