// Which files are handler files, as far as their text tells. Extension and server ask the same question; nothing of
// Poolscope shows on any other file. Comments and strings may fool it: it only decides where buttons are offered.

const importsPoolscope = /(?:from\s*|import\s*\(?\s*|require\s*\(\s*)["']poolscope["']/;
const exportsWorkload =
  /export\s+(?:async\s+)?(?:function\s*\*?\s*workload\b|const\s+workload\b)|exports\.workload\s*=/;

export function looksLikeHandlers(text: string): boolean {
  return importsPoolscope.test(text) || exportsWorkload.test(text);
}

export interface ExportedFunction {
  /** Event type of the handler: a default export's is the name of its file. */
  readonly name: string;
  /** From 0. */
  readonly line: number;
}

const notHandlers = new Set(["workload", "setup", "teardown"]);
const exported = [
  /^export\s+(?<fallback>default)\s+(?:async\s+)?(?:function\b(?!\s*\*)|\(|[A-Za-z_$][\w$]*\s*=>)/,
  /^export\s+(?:async\s+)?function\s+(?<name>[A-Za-z_$][\w$]*)/,
  /^export\s+const\s+(?<name>[A-Za-z_$][\w$]*)\b[^=]*=\s*(?:async\s*)?(?:function\b(?!\s*\*)|\()/,
];

/** Exported functions at the start of a line, which are handlers when the file is a handler file. */
export function exportedFunctions(text: string, path: string): ExportedFunction[] {
  const stem = /([^/\\]+?)(?:\.[^.]*)?$/.exec(path)?.[1] ?? path;
  const found: ExportedFunction[] = [];
  text.split("\n").forEach((line, index) => {
    const groups = exported.map((form) => form.exec(line)?.groups).find(Boolean);
    if (groups === undefined) return;
    const name = groups["fallback"] === undefined ? groups["name"] : stem;
    if (name !== undefined && !notHandlers.has(name)) found.push({ name, line: index });
  });
  return found;
}
