// The words after a command: what stands alone, flags, and options with a value; or the one problem with them.

import { parseArgs } from "node:util";
import { nearest } from "../base/nearest.ts";

export type ReadOptions =
  | {
      readonly kind: "read";
      readonly positionals: readonly string[];
      readonly flags: ReadonlySet<string>;
      readonly values: Readonly<Record<string, string>>;
    }
  | Usage;

export interface Usage {
  readonly kind: "usage";
  readonly problem: string;
}

export function readOptions(
  argv: readonly string[],
  names: readonly string[],
  flagNames: readonly string[],
): ReadOptions {
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(names.map((name) => [name, { type: "string" as const }])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals: string[] = [];
  const values: Record<string, string> = {};
  const flags = new Set<string>();
  for (const token of tokens) {
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    if (flagNames.includes(token.name)) flags.add(token.name);
    else if (!names.includes(token.name)) {
      const hint = didYouMean(token.name, [...names, ...flagNames], "--");
      return usage(`There is no option ${token.rawName}.${hint}`);
    } else if (token.value === undefined) return usage(`Option ${token.rawName} needs a value.`);
    else values[token.name] = token.value;
  }
  return { kind: "read", positionals, flags, values };
}

export function usage(problem: string): Usage {
  return { kind: "usage", problem };
}

export function didYouMean(given: string, known: readonly string[], prefix = ""): string {
  const name = nearest(given, known);
  return name === undefined ? "" : ` Did you mean ${prefix}${name}?`;
}
