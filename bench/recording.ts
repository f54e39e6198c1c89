// `npm run bench -- recording`: what one event costs to record, and how many bytes it takes on disk.

import { deflateRawSync } from "node:zlib";
import { codes } from "../src/recorder/codes.ts";
import { makeRecorder } from "../src/recorder/ring-recorder.ts";
import { recordingRing } from "../src/recorder/ring.ts";
import { TraceEncoder } from "../src/trace/encode.ts";
import { makeBatch } from "../src/trace/event-batch.ts";

const rounds = 21;
const eventsPerRound = 100_000;

export async function recordingBench(): Promise<void> {
  const recorder = makeRecorder("all", recordingRing(), process.hrtime.bigint);
  const silent = makeRecorder("off", recordingRing(), process.hrtime.bigint);
  const on: number[] = [];
  const off: number[] = [];
  for (let round = 0; round < rounds; round++) {
    on.push(nanosPerEvent(recorder));
    off.push(nanosPerEvent(silent));
  }
  console.log(
    `one event         ${median(on).toFixed(1)} ns (level all), ${median(off).toFixed(1)} ns (off)`,
  );
  console.log(
    `bytes per event   ${bytesPerEvent().toFixed(2)} on disk, synthetic scheduling stream`,
  );
  await Promise.resolve();
}

function nanosPerEvent(recorder: ReturnType<typeof makeRecorder>): number {
  const start = process.hrtime.bigint();
  for (let event = 0; event < eventsPerRound; event++) {
    recorder.record(codes.handlerStarted, event, 0, event, 1, 0, 0);
  }
  return Number(process.hrtime.bigint() - start) / eventsPerRound;
}

function median(values: number[]): number {
  return values.sort((first, second) => first - second)[Math.floor(values.length / 2)] ?? 0;
}

/** The eight records of a plain event, with times as a busy pool has them. */
function bytesPerEvent(): number {
  const batch = makeBatch(65_536);
  const order = [codes.eventSelected, codes.promoted, codes.roleChanged, codes.handlerStarted];
  order.push(codes.handlerEnded, codes.settled, codes.roleChanged, codes.eventSubmitted);
  let time = 0;
  for (let index = 0; index < batch.capacity; index++) {
    time += 200 + ((index * 7919) % 1500);
    const event = Math.floor(index / order.length) * 4;
    batch.time[index] = time;
    batch.code[index] = order[index % order.length] ?? 0;
    batch.turn[index] = Math.floor(event / 4);
    batch.a[index] = event;
    batch.b[index] = event % 3;
  }
  batch.length = batch.capacity;
  const encoder = new TraceEncoder((bytes) => deflateRawSync(bytes, { level: 1 }));
  return encoder.events(1, batch, 0).length / batch.length;
}
