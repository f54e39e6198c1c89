// The source map of a compiled file, inline or beside it: its sites are then shown in the text that the person wrote.

import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";

export interface OriginalPosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

const comment = /^\/\/# sourceMappingURL=(\S+)\s*$/m;

/** Undefined when the file names no map, or the map is not there or can't be read. */
export function readCompiledMap(text: string, file: string): TraceMap | undefined {
  const url = comment.exec(text)?.[1];
  if (url === undefined) return undefined;
  const json = url.startsWith("data:") ? inline(url) : beside(url, file);
  if (json === undefined) return undefined;
  try {
    return new TraceMap(json, file);
  } catch {
    return undefined;
  }
}

/** `line` and `column` from 1, both ways. */
export function originalPosition(
  map: TraceMap,
  file: string,
  line: number,
  column: number,
): OriginalPosition | undefined {
  const found = originalPositionFor(map, { line, column: column - 1 });
  if (found.source === null) return undefined;
  const path = found.source.startsWith("file:")
    ? fileURLToPath(found.source)
    : resolve(dirname(file), found.source);
  return { file: path, line: found.line, column: found.column + 1 };
}

function inline(url: string): string | undefined {
  const match = /^data:application\/json[^,]*?(;base64)?,(.*)$/.exec(url);
  if (match === null) return undefined;
  const body = match[2] ?? "";
  return match[1] === undefined ? decodeURIComponent(body) : Buffer.from(body, "base64").toString();
}

function beside(url: string, file: string): string | undefined {
  const path = resolve(dirname(file), decodeURIComponent(url));
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}
