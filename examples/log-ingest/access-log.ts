// Writes the log that the example reads: lines as a web server writes them, the same in every run.

import fs from "node:fs";

export const pages: readonly string[] = Array.from(
  { length: 40 },
  (_, i) => `/shop/page-${i}.html`,
);

const statuses = [200, 200, 200, 200, 200, 304, 304, 404, 500];
const wantedBytes = 52 * 1024 * 1024;
const linesPerWrite = 10_000;

/** Its size in bytes. An existing log is taken as it is. */
export function ensureLog(path: string): number {
  if (!fs.existsSync(path)) write(path);
  return fs.statSync(path).size;
}

/** Under another name until it is whole: a run that was stopped here leaves no short log behind. */
function write(path: string): void {
  const partial = `${path}.partial`;
  const file = fs.openSync(partial, "w");
  let bytes = 0;
  for (let line = 0; bytes < wantedBytes; line += linesPerWrite) {
    bytes += fs.writeSync(file, linesFrom(line));
  }
  fs.closeSync(file);
  fs.renameSync(partial, path);
}

function linesFrom(first: number): string {
  return Array.from({ length: linesPerWrite }, (_, i) => lineNumber(first + i)).join("");
}

function lineNumber(number: number): string {
  const mixed = Math.imul(number, 2_654_435_761) >>> 0;
  const page = pages[mixed % pages.length] ?? "/";
  const status = statuses[(mixed >>> 8) % statuses.length] ?? 200;
  const time = new Date(Date.UTC(2025, 0, 1) + number * 40).toISOString();
  const client = `10.${mixed & 255}.${(mixed >>> 8) & 255}.${(mixed >>> 16) & 255}`;
  return `${client} - - [${time}] "GET ${page} HTTP/1.1" ${status} ${200 + (mixed >>> 12)}\n`;
}
