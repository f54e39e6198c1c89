// `npm run bench -- promotion [TEXT]`: which follower is promoted, and when, against each other: throughput by threads and load as
// ratios to the default, interleaved; then from traces the hand-off latency and the followers woken per event. With TEXT only the
// cells whose title contains it. The default must be within 5 % of the best in every cell.

import process from "node:process";
import { analyze } from "../src/analysis/analyze.ts";
import type { PoolOptions } from "../src/runtime/pool-options.ts";
import { startTracedPool } from "../test/support/traced-pool.ts";
import { interleaved, kinds, rates, row, type Kind } from "./cells.ts";
import { ourPool } from "./contenders.ts";
import { ratioOf } from "./ratio.ts";

type Choice = Required<Pick<PoolOptions, "promotion" | "when">>;

/** The default first: all others are shown as ratios to it. */
const choices: readonly Choice[] = [
  { promotion: "lifo", when: "on-demand" },
  { promotion: "lifo", when: "barge" },
  { promotion: "lifo", when: "eager" },
  { promotion: "lifo", when: "late" },
  { promotion: "fifo", when: "on-demand" },
  { promotion: "priority", when: "on-demand" },
  { promotion: "load", when: "on-demand" },
  { promotion: "speed", when: "on-demand" },
];
const nameOf = ({ promotion, when }: Choice): string => `${String(promotion)}, ${when}`;

const mayBeBetterBy = 1.05;
const tracedEvents = 3000;
const loads = [1, 64];

export async function promotionBench([only = ""]: readonly string[] = []): Promise<void> {
  const verdicts: Verdict[] = [];
  for (const threads of [2, 4]) {
    for (const kind of kinds.filter(({ text }) => text === undefined)) {
      for (const inFlight of loads) {
        const title = `${kind.name}, ${inFlight} in flight, ${threads} threads`;
        if (!title.includes(only)) continue;
        verdicts.push(...(await throughput(title, threads, kind, inFlight)));
      }
    }
  }
  await handOffs(only);
  const better = verdicts.filter(({ is }) => is === "better");
  const unsure = verdicts.filter(({ is }) => is === "can't tell");
  console.log(`\n${better.map(({ sentence }) => sentence).join("\n")}`);
  console.log(
    `${verdicts.length} comparisons with the default: ${better.length} surely better by more than 5 %, ` +
      `${unsure.length} too noisy to tell, the rest surely not.`,
  );
  if (better.length > 0) process.exitCode = 1;
}

interface Verdict {
  readonly is: "better" | "not better" | "can't tell";
  readonly sentence: string;
}

/** Of one choice, by round; undefined where the round is void. */
type Rates = readonly (number | undefined)[];

/** Each choice against the default in this cell. */
async function throughput(
  title: string,
  threads: number,
  kind: Kind,
  inFlight: number,
): Promise<Verdict[]> {
  const ratesOf = async (among: readonly Choice[]): Promise<Rates[]> => {
    const pools = await Promise.all(
      among.map((choice) => ourPool(nameOf(choice), { threads, ...choice })),
    );
    const cells = await interleaved(pools, kind, inFlight);
    await Promise.all(pools.map((pool) => pool.close()));
    console.log(`\n${title}`);
    pools.forEach(({ name }, index) => console.log(row(name, cells[index] ?? [], cells[0] ?? [])));
    return cells.map(rates);
  };
  const [ofDefault = [], ...others] = await ratesOf(choices);
  const [byDefault, ...offered] = choices;
  const verdicts: Verdict[] = [];
  for (const [index, choice] of offered.entries()) {
    // Late promotion is the mistake: where one thread is enough it costs nothing, and it is no choice.
    if (choice.when === "late" || byDefault === undefined) continue;
    let verdict = verdictOf(others[index] ?? [], ofDefault);
    if (verdict.is === "better") {
      // Of many comparisons some look better by chance: it must be better once more, by itself.
      const [again = [], other = []] = await ratesOf([byDefault, choice]);
      verdict = verdictOf(other, again);
    }
    const sentence = `better than the default: ${title}: ${nameOf(choice)}, x${verdict.median.toFixed(2)}`;
    verdicts.push({ is: verdict.is, sentence });
  }
  return verdicts;
}

function verdictOf(
  own: Rates,
  ofDefault: Rates,
): Pick<Verdict, "is"> & { readonly median: number } {
  const { low, high, median } = ratioOf(own, ofDefault);
  const is = low > mayBeBetterBy ? "better" : high > mayBeBetterBy ? "can't tell" : "not better";
  return { is, median };
}

async function handOffs(only: string): Promise<void> {
  for (const threads of [2, 4]) {
    for (const inFlight of loads) {
      const title = `hand-off, 50 us, ${inFlight} in flight, ${threads} threads`;
      if (!title.includes(only)) continue;
      console.log(`\n${title}`);
      for (const choice of choices) console.log(await handOff(choice, threads, inFlight));
    }
  }
}

async function handOff(choice: Choice, threads: number, inFlight: number): Promise<string> {
  const { pool, end } = await startTracedPool({ threads, ...choice });
  let left = tracedEvents;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await pool.submit({ type: "spin", payload: 50 });
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  await pool.close();
  const { leadership } = analyze(end());
  const { p50, p99, count } = leadership.handOff;
  const micros = (nanos: number): string =>
    count === 0 ? "none" : `${(nanos / 1000).toFixed(0)} us`;
  const woken = leadership.promotions / tracedEvents;
  return (
    `  ${nameOf(choice).padEnd(20)}${`woken ${woken.toFixed(2)} an event`.padStart(22)}` +
    `${`hand-off p50 ${micros(p50)}`.padStart(24)}${`p99 ${micros(p99)}`.padStart(14)}`
  );
}
