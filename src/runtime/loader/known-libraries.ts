// Libraries whose locks are watched. The loader recognises their files and passes what they export through a wrap that the
// thread may set; without one nothing changes.

export const knownLibraries = [
  "async-mutex",
  "async-sema",
  "await-semaphore",
  "mutexify",
  "p-limit",
] as const;
export type KnownLibrary = (typeof knownLibraries)[number];

const inModules = new RegExp(`/node_modules/(${knownLibraries.join("|")})/(?!.*/node_modules/)`);

/** The library that a file belongs to, by its path with forward slashes. */
export function libraryOf(path: string): KnownLibrary | undefined {
  return inModules.exec(path.replaceAll("\\", "/"))?.[1] as KnownLibrary | undefined;
}

/** Query of the URL under which a library's ES module is loaded as it is, behind the module that stands for it. */
export const originalQuery = "?poolscope-original";

/** An ES module that stands for the library's: what it exports is passed through the wrap, as far as its names are known. */
export function libraryFacade(library: KnownLibrary, url: string): string {
  const original = JSON.stringify(`${url}${originalQuery}`);
  const start = `import * as original from ${original};\nexport * from ${original};\n`;
  const wrapped = `$poolscope.wrap(${JSON.stringify(library)}, { ...original })`;
  // Only a maker of functions must be replaced; classes are patched where they are.
  return library === "p-limit"
    ? `${start}const wrapped = ${wrapped};\nexport default wrapped.default;\n`
    : `${start}${wrapped};\n`;
}
