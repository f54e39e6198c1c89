// In which order turns take locks: an edge from each lock that a turn holds to each one that it then takes, by instance. Two edges of
// a cycle can only meet when no third lock, a gate, was held at both of them. At level "locks" short holds are not recorded;
// the pool's own lock-order records stand in for them, whose gates are told by the edges beside them.

import { groupBy } from "../base/group-by.ts";
import type { Records } from "./records.ts";
import type { LockHold, LockUse } from "./waits.ts";

export interface OrderEdge {
  readonly held: number;
  readonly wanted: number;
  readonly heldSite: number;
  readonly wantedSite: number;
  readonly thread: number;
  readonly at: number;
  times: number;
  /** Locks that were held beside `held` when `wanted` was taken: each different set of them once. */
  readonly gates: (readonly number[])[];
}

/** Of locks that a turn holds at once, so many are looked at, those that it took last. */
const mostHeld = 16;

/** More sets of gates than this are not told apart: then one without any is assumed. */
const mostGates = 8;

export function orderEdges(use: LockUse, records: Records): OrderEdge[] {
  const edges = new Map<string, OrderEdge>();
  for (const holds of groupBy(use.holds, ({ thread, turn }) => `${thread} ${turn}`).values()) {
    if (holds.length > 1) addNested(edges, holds);
  }
  const recorded = records.lockOrderEdge.filter(({ a, c }) => !edges.has(`${a} ${c}`));
  const together = groupBy(recorded, ({ thread, turn, c }) => `${thread} ${turn} ${c}`);
  for (const { a, b, c, d, thread, time, turn } of recorded) {
    const beside = (together.get(`${thread} ${turn} ${c}`) ?? [])
      .slice(0, mostHeld)
      .filter((other) => other.a !== a);
    addEdge(
      edges,
      { held: a, heldSite: b, wanted: c, wantedSite: d, thread, at: time },
      beside.map((other) => other.a),
    );
  }
  return [...edges.values()];
}

function addNested(edges: Map<string, OrderEdge>, holds: readonly LockHold[]): void {
  const ordered = holds.toSorted((one, other) => one.start - other.start);
  let open: LockHold[] = [];
  for (const hold of ordered) {
    open = open.filter(({ end }) => end > hold.start);
    for (const outer of open) {
      const gates = open.filter((other) => other !== outer).map(({ lock }) => lock);
      const { lock: held, site: heldSite, thread } = outer;
      const { lock: wanted, site: wantedSite, start: at } = hold;
      if (held !== wanted) {
        addEdge(edges, { held, heldSite, wanted, wantedSite, thread, at }, gates);
      }
    }
    open = [...open.slice(-mostHeld + 1), hold];
  }
}

function addEdge(
  edges: Map<string, OrderEdge>,
  edge: Omit<OrderEdge, "times" | "gates">,
  gates: readonly number[],
): void {
  const key = `${edge.held} ${edge.wanted}`;
  const known = edges.get(key);
  if (known === undefined) {
    edges.set(key, { ...edge, times: 1, gates: [gates] });
    return;
  }
  known.times++;
  if (known.gates.length >= mostGates) return;
  const name = gates.join();
  if (!known.gates.some((each) => each.join() === name)) known.gates.push(gates);
}

/** Longer circles are found too rarely, and cost too much to look for. */
const longestCycle = 5;

/** Circles are searched from this many edges at most: what they have in common is told, not each of them. */
const mostSearched = 2000;

/** Circles whose edges can meet, each once: the shortest one through each edge. */
export function orderCycles(edges: readonly OrderEdge[]): (readonly OrderEdge[])[] {
  const inCircles = withoutEnds(edges);
  const from = groupBy(inCircles, ({ held }) => held);
  const seen = new Set<string>();
  const cycles: (readonly OrderEdge[])[] = [];
  for (const edge of inCircles.slice(0, mostSearched)) {
    const cycle = shortest(edge, from);
    if (cycle === undefined) continue;
    const name = cycle
      .map(({ held }) => held)
      .toSorted((one, other) => one - other)
      .join();
    if (seen.has(name)) continue;
    seen.add(name);
    cycles.push(cycle);
  }
  return cycles;
}

/** Edges that no circle can have, since nothing leads to them or on from them, are taken away until none is left. */
function withoutEnds(edges: readonly OrderEdge[]): readonly OrderEdge[] {
  let left = edges;
  for (;;) {
    const held = new Set(left.map((edge) => edge.held));
    const wanted = new Set(left.map((edge) => edge.wanted));
    const next = left.filter((edge) => held.has(edge.wanted) && wanted.has(edge.held));
    if (next.length === left.length) return left;
    left = next;
  }
}

/** By breadth: back from where the edge leads to where it began. */
function shortest(
  edge: OrderEdge,
  from: ReadonlyMap<number, readonly OrderEdge[]>,
): readonly OrderEdge[] | undefined {
  let paths: (readonly OrderEdge[])[] = [[edge]];
  const visited = new Set([edge.wanted]);
  for (let length = 2; length <= longestCycle && paths.length > 0; length++) {
    const longer: (readonly OrderEdge[])[] = [];
    for (const path of paths) {
      for (const next of from.get(path.at(-1)?.wanted ?? -1) ?? []) {
        if (!canMeet([...path, next])) continue;
        if (next.wanted === edge.held) return [...path, next];
        if (visited.has(next.wanted)) continue;
        visited.add(next.wanted);
        longer.push([...path, next]);
      }
    }
    paths = longer;
  }
  return undefined;
}

/** No lock outside of the circle was held at every time at two of its edges. */
function canMeet(path: readonly OrderEdge[]): boolean {
  const last = path.at(-1);
  if (last === undefined) return true;
  return path
    .slice(0, -1)
    .every((edge) =>
      edge.gates.some((one) =>
        last.gates.some((other) => !one.some((lock) => other.includes(lock))),
      ),
    );
}
