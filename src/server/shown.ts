// What goes from the server to where a person sees it: texts of strangers are made visible here, and stay what they are only
// where they name something for the program.

import { visibleLines, visibleTexts } from "../base/visible.ts";

const names: ReadonlySet<string> = new Set([
  ...["file", "identity", "module", "page", "path", "root", "trace"],
]);

export function shown<T>(value: T): T {
  return visibleTexts(value, names, visibleLines);
}
