// The root that a trace's file names are relative to.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder with the nearest package.json, else the given one. */
export function packageFolder(folder: string): string {
  for (let each = folder; ; each = dirname(each)) {
    if (existsSync(join(each, "package.json"))) return each;
    if (dirname(each) === each) return folder;
  }
}
