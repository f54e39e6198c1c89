// Checks a pool's `sources` where they are given: the kind, its keys, and that a handler takes what comes.

import { nearest } from "../../base/nearest.ts";
import type { SourceOptions } from "../pool-options.ts";

const ofAll = ["kind", "type", "priority", "key"];
const keysOf: Readonly<Record<SourceOptions["kind"], readonly string[]>> = {
  timer: ["everyMillis", "payload"],
  directory: ["path"],
  lines: ["path"],
  file: ["path", "chunkBytes"],
  messages: ["port"],
};
const mostMillis = 86_400_000;
const mostBytes = 64 * 1024 * 1024;

/** Throws a RangeError with one sentence that names the source by its place. */
export function checkSources(sources: readonly SourceOptions[]): readonly SourceOptions[] {
  if (!Array.isArray(sources)) throw new RangeError("sources: give a list of sources.");
  sources.forEach((source, index) => checkSource(source, `sources[${index}]`));
  return sources;
}

/** Throws when no handler takes a source's events. */
export function checkSourceTypes(
  sources: readonly SourceOptions[],
  handlers: readonly string[],
): void {
  sources.forEach(({ type }, index) => {
    if (type === undefined && handlers.length === 1) return;
    if (type !== undefined && handlers.includes(type)) return;
    const given = type === undefined ? "an event without a type" : `"${type}"`;
    throw new RangeError(
      `sources[${index}].type: no handler for ${given}; the module handles ${handlers.join(", ")}.`,
    );
  });
}

function checkSource(source: SourceOptions, where: string): void {
  if (typeof source !== "object" || source === null) {
    throw new RangeError(
      `${where}: ${JSON.stringify(source)} is no source; give { kind, type ... }.`,
    );
  }
  const { kind } = source;
  const own = Object.hasOwn(keysOf, kind) ? keysOf[kind] : undefined;
  if (own === undefined) {
    const kinds = Object.keys(keysOf).join(", ");
    throw new RangeError(
      `${where}.kind: ${JSON.stringify(kind)} is not allowed; give one of ${kinds}.`,
    );
  }
  for (const key of Object.keys(source)) {
    if (ofAll.includes(key) || own.includes(key)) continue;
    const name = nearest(key, [...ofAll, ...own]);
    const hint = name === undefined ? "" : ` Did you mean "${name}"?`;
    throw new RangeError(`${where}: a source of kind "${kind}" has no key "${key}".${hint}`);
  }
  checkPriority(source, where);
  checkValues(source, where);
}

function checkPriority({ priority, key }: SourceOptions, where: string): void {
  whole(`${where}.priority`, priority ?? 0, 0, 7);
  if (key === undefined || typeof key === "string" || typeof key === "number") return;
  throw new RangeError(`${where}.key: give a text or a number.`);
}

function checkValues(source: SourceOptions, where: string): void {
  switch (source.kind) {
    case "timer":
      return whole(`${where}.everyMillis`, source.everyMillis, 1, mostMillis);
    case "directory":
      return path(`${where}.path`, source.path);
    case "lines":
      return source.path === undefined ? undefined : path(`${where}.path`, source.path);
    case "file":
      whole(`${where}.chunkBytes`, source.chunkBytes ?? 1, 1, mostBytes);
      return path(`${where}.path`, source.path);
    case "messages":
      if (typeof source.port?.on === "function") return;
      throw new RangeError(`${where}.port: give a MessagePort or a Worker.`);
  }
}

function whole(where: string, value: unknown, least: number, most: number): void {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most)
    return;
  throw new RangeError(
    `${where}: ${JSON.stringify(value)} is not allowed; give a whole number from ${least} to ${most}.`,
  );
}

function path(where: string, value: unknown): void {
  if (typeof value === "string" && value !== "") return;
  throw new RangeError(`${where}: ${JSON.stringify(value)} is not allowed; give a path.`);
}
