// What recording one event costs here and now: part of the trace's header, so that every report can say what was spent.

import { codes } from "../recorder/codes.ts";
import { makeRecorder } from "../recorder/ring-recorder.ts";
import { recordingRing } from "../recorder/ring.ts";

const rounds = 15;
const eventsPerRound = 20_000;

/** Median nanoseconds per event over short rounds; the first ones warm up and do not count. Takes about 20 ms. */
export function measureRecording(): number {
  const recorder = makeRecorder("all", recordingRing(1024), process.hrtime.bigint);
  const costs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    for (let event = 0; event < eventsPerRound; event++) {
      recorder.record(codes.mark, 0, 0, event, 0, 0, 0);
    }
    costs.push(Number(process.hrtime.bigint() - start) / eventsPerRound);
  }
  const counted = costs.slice(5).sort((first, second) => first - second);
  return counted[Math.floor(counted.length / 2)] ?? 0;
}
