// Where an encoded value lies: in its slot's slab, or, when it is larger, in a chain of blocks. The slot's codec, bytes and block
// words say so; the slot word's change publishes them.

import { fitChain, freeChain, readChain, writeChain } from "../memory/block-chains.ts";
import { blockBytes, slabBytes, slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { codecCode, codecs, decodeValue, type Encoded } from "./payload-codec.ts";

/**
 * Stores a value in place of what lay there; the slot must be the caller's. False when the memory is full, and then that is still
 * there. A value that needs no more memory than the one before always finds it: it takes over its blocks, so that an event that was
 * accepted keeps room for its result, whoever else waits for some.
 */
export function storePayload(memory: PoolMemory, slot: number, encoded: Encoded): boolean {
  const bytes = storeBody(memory, slot, encoded);
  if (bytes === undefined) return false;
  memory.words[memory.slot(slot, slotField.bytes)] = bytes;
  memory.words[memory.slot(slot, slotField.codec)] = codecCode[encoded.codec];
  return true;
}

/** What is told to whoever has a value that storePayload found no room for. */
export function memoryFull({ blocks }: PoolMemory): RangeError {
  const limit = Math.round((blocks * blockBytes) / (1024 * 1024));
  return new RangeError(`Payloads in flight fill the pool's ${limit} MiB; raise payloadBytes.`);
}

/** Returns how many bytes it has. */
function storeBody(memory: PoolMemory, slot: number, { codec, body }: Encoded): number | undefined {
  const at = slot * slabBytes;
  if (codec === "flat") {
    releasePayload(memory, slot);
    return memory.flat.write(body, at);
  }
  if (typeof body !== "string") return storeBytes(memory, slot, body);
  // Three bytes a UTF-16 unit at most: only then is the length known to fit without encoding twice.
  if (body.length * 3 > slabBytes) return storeBytes(memory, slot, Buffer.from(body, "utf8"));
  releasePayload(memory, slot);
  return memory.slabs.write(body, at, "utf8");
}

function storeBytes(memory: PoolMemory, slot: number, bytes: Uint8Array): number | undefined {
  if (bytes.length > slabBytes) return storeChain(memory, slot, bytes) ? bytes.length : undefined;
  releasePayload(memory, slot);
  memory.slabs.set(bytes, slot * slabBytes);
  return bytes.length;
}

function storeChain(memory: PoolMemory, slot: number, bytes: Uint8Array): boolean {
  const word = memory.slot(slot, slotField.block);
  const first = fitChain(memory, memory.words[word] ?? 0, bytes.length);
  if (first === 0) return false;
  // Before it is written: who dies meanwhile leaves a chain that is freed with its slot.
  memory.words[word] = first;
  writeChain(memory, first, bytes);
  return true;
}

/** The slot's value; the slot must be the caller's. */
export function loadPayload(memory: PoolMemory, slot: number): unknown {
  const { words } = memory;
  const codec = codecs[words[memory.slot(slot, slotField.codec)] ?? 0] ?? "none";
  const length = words[memory.slot(slot, slotField.bytes)] ?? 0;
  const block = words[memory.slot(slot, slotField.block)] ?? 0;
  const at = slot * slabBytes;
  if (codec === "flat") return memory.flat.read(at);
  if (block !== 0) return decodeValue(codec, readChain(memory, block, length));
  // The usual case, without a view that only lives for one call.
  if (codec === "json") return JSON.parse(memory.slabs.toString("utf8", at, at + length));
  return decodeValue(codec, memory.slabs.subarray(at, at + length));
}

export function releasePayload(memory: PoolMemory, slot: number): void {
  const word = memory.slot(slot, slotField.block);
  const first = memory.words[word] ?? 0;
  if (first === 0) return;
  // Before they are free: who dies in between leaves blocks that nobody has, not blocks that two have.
  memory.words[word] = 0;
  freeChain(memory, first);
}
