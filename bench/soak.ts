// `npm run bench -- soak [SECONDS]`: a pool under load for so long, 120 seconds by default, with failures, deaths and overload
// among its events. Prints its memory as a picture; memory that still grows in the second half makes the exit status 1.

import process from "node:process";
import { startPool } from "../test/support/start-pool.ts";

const defaultSeconds = 120;
const looks = 60;
const inFlight = 64;
/** Of the first half's: noise of the collector is more than a few percent. */
const growthAllowed = 1.1;
const bars = " ▁▂▃▄▅▆▇█";

export async function soakBench([given]: readonly string[]): Promise<void> {
  const seconds = Number(given ?? defaultSeconds);
  const pool = await startPool({ threads: 2, spareThreads: 1, capacity: 256, admission: "codel" });
  const until = performance.now() + seconds * 1000;
  const memory: number[] = [];
  const look = (): void => void memory.push(process.memoryUsage().rss / 2 ** 20);
  const timer = setInterval(look, (seconds * 1000) / looks);
  let count = 0;
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      const number = ++count;
      const type = number % 50_000 === 0 ? "die" : number % 100 === 0 ? "fail" : "echo";
      const payload = number % 1000 === 0 ? "x".repeat(100_000) : { number };
      await pool.submit({ type, payload }).catch(() => undefined);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
  clearInterval(timer);
  await pool.close();
  const { submitted, settled, shed } = pool.counts();
  const half = Math.floor(memory.length / 2);
  const first = median(memory.slice(Math.floor(half / 2), half));
  const second = median(memory.slice(half));
  const lost = pool.stats().lost;
  console.log(
    `${seconds} s, ${submitted} events, ${settled} settled, ${shed} shed, ${lost} deaths`,
  );
  console.log(`memory  ${picture(memory)}`);
  console.log(
    `median ${first.toFixed(0)} MiB in the first half, ${second.toFixed(0)} in the second`,
  );
  if (submitted !== settled || second > first * growthAllowed) process.exitCode = 1;
}

/** From 0, so that what is flat looks flat. */
function picture(values: readonly number[]): string {
  const most = Math.max(...values);
  return values.map((value) => bars[Math.round((value / most) * (bars.length - 1))]).join("");
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((first, second) => first - second);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
