// `npm run bench -- recording`: what one event costs to record, what recording costs a stream of tasks, and what a trace of a
// million real events takes on disk. Goals on Node 24: 60 ns an event, 3.5 bytes an event.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { codes } from "../src/recorder/codes.ts";
import { makeRecorder } from "../src/recorder/ring-recorder.ts";
import { recordingRing } from "../src/recorder/ring.ts";
import { interleaved, kinds, rates } from "./cells.ts";
import { ours, type Level } from "./contenders.ts";
import { ratioOf } from "./ratio.ts";

const rounds = 21;
const eventsPerRound = 100_000;
/** Submitted events; each leaves eight records or more. */
const streamEvents = 130_000;
const nanosGoal = 60;
const bytesGoal = 3.5;

export async function recordingBench(): Promise<void> {
  const nanos = costOfOneEvent();
  const bytes = traceOfOneMillion();
  await slowDown();
  console.log(`\n${verdict(nanos <= nanosGoal)}: ${nanos.toFixed(1)} of ${nanosGoal} ns an event`);
  console.log(`${verdict(bytes <= bytesGoal)}: ${bytes.toFixed(2)} of ${bytesGoal} bytes an event`);
  if (nanos > nanosGoal || bytes > bytesGoal) process.exitCode = 1;
}

function verdict(met: boolean): string {
  return met ? "met" : "missed";
}

function costOfOneEvent(): number {
  const recorder = makeRecorder("all", recordingRing(), process.hrtime.bigint);
  const silent = makeRecorder("off", recordingRing(), process.hrtime.bigint);
  const on: number[] = [];
  const off: number[] = [];
  for (let round = 0; round < rounds; round++) {
    on.push(nanosPerEvent(recorder));
    off.push(nanosPerEvent(silent));
  }
  const [all, none] = [median(on), median(off)];
  console.log(`one event       ${all.toFixed(1)} ns recorded, ${none.toFixed(1)} ns at level off`);
  return all;
}

function nanosPerEvent(recorder: ReturnType<typeof makeRecorder>): number {
  const start = process.hrtime.bigint();
  for (let event = 0; event < eventsPerRound; event++) {
    if (recorder.scheduling) recorder.record(codes.handlerStarted, event, 0, event, 1, 0, 0);
  }
  return Number(process.hrtime.bigint() - start) / eventsPerRound;
}

interface Recorded {
  readonly recording: { readonly events: number; readonly dropped: number };
}

function file(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

/** Profiles a real stream with the shipped command line; bytes an event of the file that it wrote. */
function traceOfOneMillion(): number {
  const folder = mkdtempSync(join(tmpdir(), "poolscope-bench-"));
  try {
    const out = join(folder, "stream.pooltrace");
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [
        file("dist/poolscope.js"),
        "profile",
        file("bench/workers/stream.js"),
        ...["--events", String(streamEvents), "--duration", "0", "--level", "locks"],
        ...["--out", out, "--json"],
      ],
      { encoding: "utf8", maxBuffer: 2 ** 28 },
    );
    if (status !== 0)
      throw new Error(`profiling the stream ended with ${status ?? "a signal"}: ${stderr}`);
    const { recording } = JSON.parse(stdout) as Recorded;
    const bytes = statSync(out).size / recording.events;
    const events = recording.events.toLocaleString("en-US");
    console.log(
      `on disk         ${bytes.toFixed(2)} bytes an event, ${events} events, ${recording.dropped} dropped`,
    );
    return bytes;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Throughput of each level as a share of that without recording, in the same rounds. */
async function slowDown(): Promise<void> {
  const levels: readonly Level[] = ["off", "scheduling", "locks", "all"];
  const pools = await Promise.all(levels.map((level) => ours(2, level)));
  for (const kind of kinds.filter(({ text }) => text === undefined)) {
    const cells = await interleaved(pools, kind, 64);
    const shares = levels.slice(1).map((level, index) => {
      const { median: share, low, high } = ratioOf(rates(cells[index + 1]), rates(cells[0]));
      return `${level} x${share.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
    });
    console.log(`${kind.name.padEnd(16)}${shares.join("   ")}`);
  }
  await Promise.all(pools.map((pool) => pool.close()));
}

function median(values: number[]): number {
  return values.sort((first, second) => first - second)[Math.floor(values.length / 2)] ?? 0;
}
