// How a contended lock costs its time: the mechanism that explains most of it. The others stand in the sentence as evidence.

import type { Blame } from "./blame.ts";
import { holdKey } from "./contention.ts";
import { isHandled, type Load } from "./load.ts";
import type { EventLives } from "./latency.ts";
import type { LockHold } from "./waits.ts";

export const mechanisms = [
  "hold-across-await",
  "hold-across-blocking-call",
  "unfair-hand-over",
  "convoy",
  "serialised-execution",
  "long-hold",
] as const;
export type Mechanism = (typeof mechanisms)[number];

/** A share of the blamed time from which on a part of it is what explains the whole. */
const most = 0.5;

/** A hold this short costs less than the wake-up after it. */
const shortHold = 50_000;

export interface MechanismInput {
  readonly blame: Blame;
  /** Of this lock alone. */
  readonly holds: readonly LockHold[];
  readonly lives: EventLives;
  readonly load: Load;
}

export function mechanismOf(input: MechanismInput): Mechanism {
  const { blame } = input;
  const share = (part: number): number => part / Math.max(1, blame.total);
  if (share(blame.awaiting) >= most) return "hold-across-await";
  if (share(blame.blocked) >= most) return "hold-across-blocking-call";
  if (share(retakenTime(input)) >= most) return "unfair-hand-over";
  const hold = medianHold(blame);
  if (hold < shortHold || share(blame.handOver) >= most) return "convoy";
  return isSerialised(input) ? "serialised-execution" : "long-hold";
}

/** Of the holds that were waited for. */
export function medianHold({ holds }: Blame): number {
  const lengths = Float64Array.from(holds.keys(), ({ start, end }) => end - start).sort();
  return lengths[lengths.length >> 1] ?? 0;
}

/** Waiting for holds of a turn that had just given the lock back and took it again before those who waited. */
function retakenTime({ blame, holds }: MechanismInput): number {
  const takers = new Map(holds.map((hold) => [holdKey(hold.lock, hold.acquisition), turnOf(hold)]));
  let sum = 0;
  for (const wait of blame.waits.get(blame.lock) ?? []) {
    let before: string | undefined;
    for (const { start, end, acquisition } of wait.segments) {
      const taker = takers.get(holdKey(wait.lock, acquisition));
      if (taker !== undefined && taker === before) sum += end - start;
      before = taker;
    }
  }
  return sum;
}

function turnOf({ thread, turn }: LockHold): string {
  return `${thread} ${turn}`;
}

/** Most of what the handlers do is done under the lock, and it is taken nearly always: the threads take turns. */
function isSerialised({ blame, holds, lives, load }: MechanismInput): boolean {
  const held = holds.reduce((sum, { start, end }) => sum + end - start, 0);
  if (load.window === 0 || held / load.window < 0.8) return false;
  const turns = new Set([...blame.holds.keys()].map(({ thread, turn }) => `${thread} ${turn}`));
  let running = 0;
  for (const life of lives.lives.values()) {
    if (!isHandled(life) || life.turnKey === undefined || !turns.has(life.turnKey)) continue;
    running += life.ended - life.started - (blame.turns.get(life.turnKey) ?? 0);
  }
  const inside = holds
    .filter(({ thread, turn }) => turns.has(`${thread} ${turn}`))
    .reduce((sum, { start, end }) => sum + end - start, 0);
  return running > 0 && inside / running >= 0.8;
}
