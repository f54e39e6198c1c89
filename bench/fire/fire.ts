// `npm run bench -- fire [SECONDS [SEED [SETTING]]]`: odd values, throws, hangs, deaths with and without locks, cancels and
// closes, mixed over all models, promotions and queues, 60 seconds by default. Prints a row a setting and what was wrong:
// outcomes missing, doubled or of a kind that the event could not have, a close that does not end. Any of them makes the
// exit status 1; the seed that is printed brings the same events again.

import { resolve } from "node:path";
import process from "node:process";
import { seededRandom } from "../../src/base/seeded-random.ts";
import type { PoolOptions } from "../../src/runtime/pool-options.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { startPool } from "../../test/support/start-pool.ts";
import { settings, sharesThreads, titleOf } from "./settings.ts";
import { shotOf, type Around, type Ending, type Shot } from "./shots.ts";

const module = resolve("test/fixtures/handlers/fire.ts");
const defaultSeconds = 60;
const shotsInRound = 120;
/** Longer than any deadline, grace and close within it. */
const closeWithinMillis = 3000;
const patienceMillis = 60_000;

interface Tally {
  events: number;
  lost: number;
  missing: number;
  doubled: number;
  readonly wrong: string[];
}

export async function fireBench([
  givenSeconds,
  givenSeed,
  only = "",
]: readonly string[]): Promise<void> {
  const chosen = settings.filter((setting) => titleOf(setting).includes(only));
  const seconds = Number(givenSeconds ?? defaultSeconds);
  const seed = Number(givenSeed ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`seed ${seed}`);
  const until = performance.now() + seconds * 1000;
  const tallies = chosen.map((): Tally => ({
    events: 0,
    lost: 0,
    missing: 0,
    doubled: 0,
    wrong: [],
  }));
  for (let round = 0; round < chosen.length || performance.now() < until; round++) {
    const index = round % chosen.length;
    const [setting, tally] = [chosen[index], tallies[index]];
    if (setting === undefined || tally === undefined) break;
    await fireRound(setting, seededRandom(seed + round), tally);
  }
  chosen.forEach((setting, index) => print(titleOf(setting), tallies[index]));
  if (!conclude(tallies)) process.exitCode = 1;
}

/** One pool, from its start to its close, which in half of the rounds comes while events are on their way. */
async function fireRound(setting: PoolOptions, random: () => number, tally: Tally): Promise<void> {
  const pool = await startPool(setting, {}, module);
  const around: Around = { closes: random() < 0.5, shared: sharesThreads(setting) };
  const shots = Array.from({ length: shotsInRound }, (_, index) => shotOf(index, random));
  const closeAt = around.closes ? Math.floor(random() * shotsInRound) : shotsInRound;
  const fired: Promise<Ending>[] = [];
  let closed: Promise<void> | undefined;
  for (const [index, shot] of shots.entries()) {
    if (index === closeAt) closed = close(pool, random);
    fired.push(fire(pool, shot));
    if (random() < 0.1) await turnOfTheLoop();
  }
  const endings = await patiently(Promise.all(fired), `${titleOf(setting)}: outcomes`);
  if (endings === undefined) tally.missing += shots.length;
  else judge(shots, endings, around, tally);
  if (!around.closes) await judgeExclusion(pool, setting, tally);
  await patiently(closed ?? close(pool, random), `${titleOf(setting)}: close`, tally);
  const { submitted, settled } = pool.counts();
  tally.events += submitted;
  tally.lost += pool.stats().lost;
  tally.missing += Math.max(0, submitted - settled);
  tally.doubled += Math.max(0, settled - submitted);
}

async function fire(pool: ThreadPool, { request, abortAfter }: Shot): Promise<Ending> {
  const options = abortAfter === undefined ? {} : { signal: abortedAfter(abortAfter) };
  try {
    return { kind: "resolved", value: await pool.submit(request, options) };
  } catch (error) {
    return { kind: "rejected", error };
  }
}

/** Not AbortSignal.timeout, whose reason is a TimeoutError. */
function abortedAfter(millis: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), millis);
  return controller.signal;
}

function close(pool: ThreadPool, random: () => number): Promise<void> {
  const pending = random() < 0.5 ? "drain" : "cancel";
  return pool.close({ pending, withinMillis: Math.floor(random() * closeWithinMillis) });
}

function judge(
  shots: readonly Shot[],
  endings: readonly Ending[],
  around: Around,
  tally: Tally,
): void {
  for (const [index, shot] of shots.entries()) {
    const ending = endings[index];
    if (ending === undefined) tally.missing++;
    else if (!shot.isRight(ending, around))
      tally.wrong.push(`${shot.request.type ?? ""}: ${told(ending)}`);
  }
}

/** A turn that dies between its two additions leaves one too many of those under the lock, never one too few. */
async function judgeExclusion(pool: ThreadPool, setting: PoolOptions, tally: Tally): Promise<void> {
  const lost = await patiently(lostAdditions(pool), `${titleOf(setting)}: the lock`, tally);
  if (lost !== undefined && lost > 0)
    tally.wrong.push(`${lost} additions under the lock were lost`);
}

/** Asks until a thread lives long enough to answer: what earlier events left there may end it. */
async function lostAdditions(pool: ThreadPool): Promise<number> {
  for (;;) {
    const answer = await pool.submit({ type: "lostAdditions" }).catch(() => undefined);
    if (typeof answer === "number") return answer;
  }
}

function told(ending: Ending): string {
  return ending.kind === "resolved" ? "resolved" : String(ending.error);
}

function turnOfTheLoop(): Promise<void> {
  return new Promise((done) => {
    setImmediate(done);
  });
}

const never = Symbol("never");

/** Undefined, and told, when it has not come by then: that is the defect which this bench looks for. */
async function patiently<T>(
  awaited: Promise<T>,
  what: string,
  tally?: Tally,
): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof never>((giveUp) => {
    timer = setTimeout(() => giveUp(never), patienceMillis);
  });
  const first = await Promise.race([awaited, late]);
  clearTimeout(timer);
  if (first !== never) return first;
  console.log(`  ${what} did not come within ${patienceMillis / 1000} s`);
  tally?.wrong.push(`${what} did not come`);
  return undefined;
}

function print(title: string, tally: Tally | undefined): void {
  if (tally === undefined) return;
  const { events, lost, missing, doubled, wrong } = tally;
  console.log(
    `  ${title.padEnd(52)}${events} events, ${lost} threads lost, ` +
      `${missing} missing, ${doubled} doubled, ${wrong.length} wrong`,
  );
  for (const each of [...new Set(wrong)].slice(0, 5)) console.log(`      ${each.slice(0, 200)}`);
}

function conclude(tallies: readonly Tally[]): boolean {
  const sum = (of: (tally: Tally) => number): number =>
    tallies.reduce((total, tally) => total + of(tally), 0);
  const missing = sum((tally) => tally.missing);
  const doubled = sum((tally) => tally.doubled);
  const wrong = sum((tally) => tally.wrong.length);
  console.log(
    `\n${sum((tally) => tally.events)} events, ${sum((tally) => tally.lost)} threads lost; ` +
      `outcomes missing ${missing}, doubled ${doubled}, wrong ${wrong}`,
  );
  return missing + doubled + wrong === 0;
}
