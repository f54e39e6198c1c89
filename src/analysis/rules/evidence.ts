// What several rules say alike: places, handlers, the order of evidence.

import type { Trace } from "../../trace/trace.ts";
import type { EventLife } from "../latency.ts";
import { isHandled, type Handled } from "../load.ts";
import type { Finding, Site } from "../report.ts";
import { siteOf } from "../sites.ts";
import type { RuleContext } from "./rule.ts";

export function placeOf(site: Site): string {
  return `${site.file}:${site.line}`;
}

/** ", accounts.ts:42", or nothing where no place is known. */
export function atPlace(site: Site | undefined): string {
  return site === undefined ? "" : `, ${placeOf(site)}`;
}

export function functionOf(site: Site): string {
  return site.function === "" ? "module code" : site.function;
}

/** Where the handler's function begins. */
export function handlerSite(trace: Trace, handler: number): Site | undefined {
  return siteOf(trace, trace.tables.handlers[handler]?.site ?? 0);
}

export function longestFirst<K>(totals: ReadonlyMap<K, number>): [K, number][] {
  return [...totals].sort((one, other) => other[1] - one[1]);
}

export function addTo<K>(totals: Map<K, number>, key: K, nanos: number): void {
  totals.set(key, (totals.get(key) ?? 0) + nanos);
}

export function handledLives({ lives }: RuleContext): Handled[] {
  return [...lives.lives.values()].filter(isHandled);
}

export function livesByTurn({ lives }: RuleContext): Map<string, EventLife> {
  const found = new Map<string, EventLife>();
  for (const life of lives.lives.values()) {
    if (life.turnKey !== undefined) found.set(life.turnKey, life);
  }
  return found;
}

export function turnKeyOf(of: { readonly thread: number; readonly turn: number }): string {
  return `${of.thread} ${of.turn}`;
}

export function threadsOf(seen: Iterable<{ readonly thread: number }>): number[] {
  return [...new Set([...seen].map(({ thread }) => thread))].sort((one, other) => one - other);
}

/** A few of the longest. */
export function worstOf(
  spans: readonly { readonly start: number; readonly end: number }[],
): Finding["intervals"] {
  return spans
    .toSorted((one, other) => other.end - other.start - (one.end - one.start))
    .slice(0, 3)
    .map(({ start, end }) => ({ start, end }));
}

/** In how many of the run's twenty parts something was seen: a burst is in one or two. */
export function partsSeen({ load }: RuleContext, times: Iterable<number>): number {
  const parts = new Set<number>();
  for (const time of times) parts.add(Math.floor(((time - load.start) / load.window) * 20));
  return parts.size;
}
