// What turning a payload or a result into bytes and back has cost. Small ones are no event: they cost about as much as
// telling of them.

import { codes } from "../../recorder/codes.ts";
import type { Recorder } from "../../recorder/recorder.ts";
import { codecCode, type Encoded } from "./payload-codec.ts";
import { slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";

const leastBytes = 256;

/** A moment to measure from; the clock is looked at only where payloads are recorded, and for values that may be large. */
export function payloadMoment(recorder: Recorder, value: unknown): bigint {
  return recorder.all && typeof value === "object" ? process.hrtime.bigint() : 0n;
}

export function recordEncoded(
  recorder: Recorder,
  turn: number,
  event: number,
  { codec, body }: Encoded,
  nanos: number,
): void {
  if (!recorder.all || body.length < leastBytes) return;
  const code = codecCode[codec];
  recorder.record(codes.payloadEncoded, turn, code, event, body.length, nanos, 0);
}

/** Runs `load`, which reads the slot's payload, and tells what it took. */
export function recordDecoded<T>(
  recorder: Recorder,
  memory: PoolMemory,
  slot: number,
  turn: number,
  load: (memory: PoolMemory, slot: number) => T,
): T {
  const bytes = memory.words[memory.slot(slot, slotField.bytes)] ?? 0;
  if (!recorder.all || bytes < leastBytes) return load(memory, slot);
  const codec = memory.words[memory.slot(slot, slotField.codec)] ?? 0;
  const event = memory.words[memory.slot(slot, slotField.event)] ?? 0;
  const start = process.hrtime.bigint();
  const value = load(memory, slot);
  const nanos = Number(process.hrtime.bigint() - start);
  recorder.record(codes.payloadDecoded, turn, codec, event, bytes, nanos, 0);
  return value;
}
