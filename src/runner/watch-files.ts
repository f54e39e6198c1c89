// Tells when one of some files is saved. Their folders are watched: many editors save by renaming a new file over the old one,
// which ends a watch of the file itself.

import { watch } from "node:fs";
import { dirname, join } from "node:path";

/** An editor's save is several changes in a row. */
const settleMillis = 100;

export interface FileWatch {
  close(): void;
}

export function watchFiles(paths: readonly string[], saved: () => void): FileWatch {
  let timer: NodeJS.Timeout | undefined;
  const watched = new Set(paths);
  const folders = new Set(paths.map((path) => dirname(path)));
  const watches = [...folders].map((folder) =>
    watch(folder, (_kind, name) => {
      if (name === null || !watched.has(join(folder, name))) return;
      clearTimeout(timer);
      timer = setTimeout(saved, settleMillis);
    }),
  );
  return {
    close: () => {
      clearTimeout(timer);
      for (const each of watches) each.close();
    },
  };
}
