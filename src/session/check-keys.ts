// What a key of the configuration may be: each check returns the value as a run takes it, or throws a ConfigurationError with one
// sentence that says where the value stands and what is allowed. configuration.ts has the table of keys and catches the errors.

import { existsSync, statSync } from "node:fs";
import { parseProcessors } from "../base/processor-list.ts";
import type { RunConfiguration } from "../protocol/run-configuration.ts";
import { shown } from "./shown-value.ts";

export class ConfigurationError extends Error {}

const mostEvents = 2_000_000_000;

export type Check = (value: unknown, where: string) => unknown;

export const whole =
  (least: number, most: number): Check =>
  (value, where) => {
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (
      typeof number === "number" &&
      Number.isInteger(number) &&
      number >= least &&
      number <= most
    ) {
      return number;
    }
    throw new ConfigurationError(
      `${where}: ${shown(value)} is not allowed; give a whole number from ${least} to ${most}.`,
    );
  };

export const oneOf =
  (...allowed: readonly string[]): Check =>
  (value, where) => {
    if (typeof value === "string" && allowed.includes(value)) return value;
    const list = allowed.join(", ");
    throw new ConfigurationError(`${where}: ${shown(value)} is not allowed; give one of ${list}.`);
  };

/** The path is as it was given: whoever gives it knows what it is relative to. */
export function checkWorkload(value: unknown, where: string): RunConfiguration["workload"] {
  if (value === "module") return { kind: "module" };
  if (typeof value !== "string" || value === "" || value.includes("\0")) {
    throw new ConfigurationError(`${where}: give a JSON Lines file, or empty:COUNT.`);
  }
  const empty = /^empty:(\d+)$/.exec(value);
  if (empty !== null) return { kind: "empty", events: eventCount(Number(empty[1]), where) };
  return { kind: "json-lines", path: value };
}

function eventCount(count: number, where: string): number {
  if (count <= mostEvents) return count;
  throw new ConfigurationError(`${where}: empty: takes at most ${mostEvents} events.`);
}

export function checkBoolean(value: unknown, where: string): boolean {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  throw new ConfigurationError(`${where}: ${shown(value)} is not allowed; give true or false.`);
}

export function checkAffinity(value: unknown, where: string): string {
  const isKnown = value === "none" || value === "spread" || value === "compact";
  if (isKnown || (typeof value === "string" && parseProcessors(value) !== undefined)) return value;
  throw new ConfigurationError(
    `${where}: ${shown(value)} is not allowed; give none, spread, compact, or processors such as "0,2-3".`,
  );
}

export function checkPath(value: unknown, where: string): string {
  if (typeof value === "string" && value !== "" && !value.includes("\0")) return value;
  throw new ConfigurationError(`${where}: give a path, relative to the file that names it.`);
}

export function existing(path: string, where: string): string {
  if (existsSync(path)) return path;
  throw new ConfigurationError(`${where}: ${path} is not there.`);
}

export function existingFolder(path: string, where: string): string {
  if (statSync(existing(path, where)).isDirectory()) return path;
  throw new ConfigurationError(`${where}: ${path} is no folder.`);
}

export function existingFile(path: string, where: string): string {
  if (!statSync(existing(path, where)).isDirectory()) return path;
  throw new ConfigurationError(`${where}: ${path} is a folder; give a file.`);
}

/** Findings that are ignored, files that are handlers: read by the editor, no part of a run. */
export function checkStrings(value: unknown, where: string): readonly string[] {
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) return value;
  throw new ConfigurationError(`${where}: give a list of strings.`);
}

/** Which rules and thresholds there are, the analysis knows: it says so in its report. */
export function checkRules(value: unknown, where: string): RunConfiguration["rules"] {
  const rules = objectOf(value, where);
  for (const [rule, thresholds] of Object.entries(rules)) {
    for (const [name, number] of Object.entries(objectOf(thresholds, `${where}, ${rule}`))) {
      if (typeof number === "number" && number >= 0) continue;
      throw new ConfigurationError(`${where}, ${rule}, ${name}: give a number from 0 up.`);
    }
  }
  return rules as RunConfiguration["rules"];
}

const budgetKeys = ["score", "p99", "lockWait"] as const;

/** One number for all, or numbers by name. */
export type Budget = Readonly<
  Partial<Record<(typeof budgetKeys)[number], number | Readonly<Record<string, number>>>>
>;

export function checkBudget(value: unknown, where: string): Budget {
  for (const [name, limits] of Object.entries(objectOf(value, where))) {
    if (!(budgetKeys as readonly string[]).includes(name)) {
      throw new ConfigurationError(
        `${where}: there is no "${name}"; give ${budgetKeys.join(", ")}.`,
      );
    }
    if (isLimit(limits)) continue;
    const rows = Object.entries(objectOf(limits, `${where}, ${name}`));
    const wrong = rows.find(([, limit]) => !isLimit(limit));
    if (wrong === undefined) continue;
    throw new ConfigurationError(`${where}, ${name}, ${wrong[0]}: give a number from 0 up.`);
  }
  return value as Budget;
}

function isLimit(value: unknown): boolean {
  return typeof value === "number" && value >= 0;
}

function objectOf(value: unknown, where: string): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new ConfigurationError(`${where}: give an object.`);
}

/** What a source may be is the pool's to check, when it starts. */
export function checkSources(value: unknown, where: string): readonly object[] {
  if (Array.isArray(value) && value.every((each) => typeof each === "object" && each !== null)) {
    return value as readonly object[];
  }
  throw new ConfigurationError(`${where}: give a list of sources: { "kind", "type" ... }.`);
}
