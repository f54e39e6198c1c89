// What a person set for the rules in poolscope.json, as the run's configuration carried it into the trace.

import { nearest } from "../base/nearest.ts";
import type { Rule, Thresholds } from "./rules/rule.ts";

/** By rule: its defaults with what was set. A name that is none is told, not guessed. */
export function thresholdsOf(
  rules: readonly Rule[],
  configured: unknown,
): { readonly of: ReadonlyMap<string, Thresholds>; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const of = new Map<string, Thresholds>(rules.map(({ id, thresholds }) => [id, thresholds]));
  for (const [id, given] of entries(configured)) {
    const defaults = of.get(id);
    if (defaults === undefined) {
      problems.push(unknown(`rules: no rule is called "${id}".`, id, [...of.keys()]));
      continue;
    }
    const set: Record<string, number> = { ...defaults };
    for (const [name, value] of entries(given)) {
      if (typeof value === "number" && Object.hasOwn(defaults, name)) set[name] = value;
      else {
        const names = Object.keys(defaults);
        problems.push(unknown(`rules: "${id}" has no threshold "${name}".`, name, names));
      }
    }
    of.set(id, set);
  }
  return { of, problems };
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

function unknown(sentence: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  const hint = meant === undefined ? "" : ` Did you mean "${meant}"?`;
  return `poolscope.json, ${sentence}${hint}`;
}
