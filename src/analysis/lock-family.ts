// Locks of one kind: `account-3` and `account-17` are instances of `account-*`. Each instance by itself may cost little while all
// together cost much; then the family is the cause.

import { largestOf } from "../base/extremes.ts";
import { groupBy } from "../base/group-by.ts";
import type { Blame } from "./blame.ts";

/** The name with each number in it replaced. */
export function familyOf(lock: string): string {
  return lock.replace(/\d+/g, "*");
}

/** A family counts as one lock unless one of its members has this share of its cost. */
const dominant = 0.5;

/** Blames by subject: a lock's name, or the family's where none of its locks stands out. */
export function subjectsOf(
  blames: Iterable<Blame>,
  nameOf: (lock: number) => string,
): Map<string, readonly Blame[]> {
  // Locks of other libraries have a number in each thread that uses them, and one name.
  const byName = groupBy(blames, ({ lock }) => nameOf(lock));
  const families = groupBy(byName.keys(), familyOf);
  const subjects = new Map<string, readonly Blame[]>();
  for (const [family, names] of families) {
    const members = names.map((name) => byName.get(name) ?? []);
    const totals = members.map((blames) => blames.reduce((sum, { total }) => sum + total, 0));
    const total = totals.reduce((sum, each) => sum + each, 0);
    if (largestOf(totals) < dominant * total) subjects.set(family, members.flat());
    else names.forEach((name, index) => subjects.set(name, members[index] ?? []));
  }
  return subjects;
}

/** The members of a family taken together. */
export function together(blames: readonly Blame[]): Blame {
  const [first] = blames;
  if (first === undefined) throw new Error("Poolscope defect: a subject without locks");
  if (blames.length === 1) return first;
  const sum: Blame = {
    ...{ lock: first.lock, total: 0, handOver: 0, awaiting: 0, blocked: 0 },
    sites: new Map(),
    holds: new Map(),
    inside: new Map(),
    turns: new Map(),
    waits: new Map(),
  };
  for (const blame of blames) {
    sum.total += blame.total;
    sum.handOver += blame.handOver;
    sum.awaiting += blame.awaiting;
    sum.blocked += blame.blocked;
    addTo(sum.sites, blame.sites);
    addTo(sum.holds, blame.holds);
    addTo(sum.turns, blame.turns);
    for (const [key, { activity, nanos }] of blame.inside) {
      const known = sum.inside.get(key);
      if (known === undefined) sum.inside.set(key, { activity, nanos });
      else known.nanos += nanos;
    }
    for (const [lock, waits] of blame.waits) {
      sum.waits.set(lock, [...(sum.waits.get(lock) ?? []), ...waits]);
    }
  }
  return sum;
}

function addTo<K>(into: Map<K, number>, from: ReadonlyMap<K, number>): void {
  for (const [key, nanos] of from) into.set(key, (into.get(key) ?? 0) + nanos);
}
