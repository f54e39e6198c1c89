// `npm run bench -- failures [KILLS]`: threads die by the thousand, at every step of the runtime and at random times under load,
// with locks and without, leader or not, under each protocol and discipline. Prints kills, events, outcomes missing and doubled,
// both 0 or the exit status is 1, and how long the pool was a thread short.

import { resolve } from "node:path";
import process from "node:process";
import type { PoolOptions } from "../src/runtime/pool-options.ts";
import { startPool } from "../test/support/start-pool.ts";

const module = resolve("test/fixtures/handlers/deaths.ts");
const steps = 90;
const deadly = ["dieAtStep", "dieAtStepHolding", "dieHolding", "throwLater"] as const;
const others = 8;
const defaultKills = 1000;

type Setting = Required<Pick<PoolOptions, "promotion" | "when" | "queue" | "spareThreads">> &
  Pick<PoolOptions, "association" | "handleSets" | "exclusiveKeys">;

const moments = ["eager", "on-demand", "barge"] as const;
const settings: readonly Setting[] = [
  ...(["lifo", "fifo", "priority"] as const).flatMap((promotion) =>
    moments.flatMap((when) =>
      (["fifo", "priority"] as const).map((queue) => ({
        promotion,
        when,
        queue,
        spareThreads: queue === "fifo" ? 2 : 0,
      })),
    ),
  ),
  ...moments.flatMap((when, spareThreads) => {
    const common = { promotion: "lifo", when, queue: "fifo", spareThreads } as const;
    // Eager appoints one thread for each set.
    const handleSets = when === "eager" ? 1 : 3;
    return [
      { ...common, association: "hybrid", handleSets } as const,
      { ...common, association: "bound", handleSets } as const,
      { ...common, exclusiveKeys: true },
    ];
  }),
];

interface Tally {
  readonly kills: number;
  readonly events: number;
  readonly missing: number;
  readonly doubled: number;
  readonly p50: number;
  readonly p99: number;
}

export async function failuresBench([given]: readonly string[]): Promise<void> {
  const kills = Math.max(settings.length, Number(given ?? defaultKills));
  const tallies: Tally[] = [];
  for (const setting of settings) {
    const tally = await killed(setting, Math.ceil(kills / settings.length));
    tallies.push(tally);
    const title = titleOf(setting);
    console.log(`  ${title.padEnd(54)}${row(tally)}`);
  }
  const sum = (pick: (tally: Tally) => number): number =>
    tallies.reduce((total, tally) => total + pick(tally), 0);
  const missing = sum((tally) => tally.missing);
  const doubled = sum((tally) => tally.doubled);
  console.log(
    `\n${sum((tally) => tally.kills)} kills, ${sum((tally) => tally.events)} events, ` +
      `${missing} outcomes missing, ${doubled} doubled`,
  );
  if (missing + doubled > 0) process.exitCode = 1;
}

function titleOf(setting: Setting): string {
  const { promotion, when, queue, spareThreads, association, handleSets = 1 } = setting;
  const keys = setting.exclusiveKeys === true ? "exclusive" : (association ?? "unbound");
  const sets = handleSets > 1 ? `, ${handleSets} sets` : "";
  return `${keys}${sets}, ${String(promotion)}, ${when}, ${queue}, ${spareThreads} spares`;
}

/** Two of three events have one. */
function keyAt(index: number): { readonly key?: number } {
  return index % 3 === 0 ? {} : { key: index };
}

/** Rounds of one deadly event among others, until so many threads have died. */
async function killed(setting: Setting, kills: number): Promise<Tally> {
  const pool = await startPool({ threads: 4, ...setting }, {}, module);
  let outcomes = 0;
  let events = 0;
  const count = (): void => void outcomes++;
  for (let round = 0; pool.stats().lost < kills; round++) {
    const type = deadly[round % deadly.length] ?? "dieAtStep";
    const payload = round % steps;
    const sent = [pool.submit({ type, payload, priority: round % 8, ...keyAt(round) })];
    for (let index = 0; index < others; index++) {
      const each = index % 2 === 0 ? "locked" : "echo";
      const priority = (round + index) % 8;
      sent.push(pool.submit({ type: each, payload: index, priority, ...keyAt(index) }));
    }
    events += sent.length;
    for (const each of sent) each.then(count, count);
    await Promise.allSettled(sent);
    // A guard that nobody releases would keep this from ever settling.
    await pool.submit({ type: "locked" }).then(count, count);
    events++;
  }
  await pool.close();
  const { submitted, settled } = pool.counts();
  const { lost, recovery } = pool.stats();
  return {
    kills: lost,
    events: submitted,
    missing: events - outcomes + Math.max(0, submitted - settled),
    doubled: Math.max(0, settled - submitted),
    p50: recovery.p50Millis,
    p99: recovery.p99Millis,
  };
}

function row({ kills, events, missing, doubled, p50, p99 }: Tally): string {
  return (
    `${kills} kills, ${events} events, ${missing} missing, ${doubled} doubled, ` +
    `recovery p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`
  );
}
