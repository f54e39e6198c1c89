// Where an encoded value lies: in its slot's slab, or, when it is larger, in a chain of blocks of the overflow memory. The
// slot's codec, bytes and block words say so; the slot word's change publishes them.

import { step } from "../../sync/step.ts";
import { blockBytes, hot, slabBytes, slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { codecCode, codecs, decodeValue, type Encoded } from "./payload-codec.ts";

/** Stores a value; the slot must be the caller's. What lay there before is released first. */
export function storePayload(memory: PoolMemory, slot: number, encoded: Encoded): void {
  releasePayload(memory, slot);
  memory.words[memory.slot(slot, slotField.bytes)] = storeBody(memory, slot, encoded);
  memory.words[memory.slot(slot, slotField.codec)] = codecCode[encoded.codec];
}

/** Returns how many bytes it has. */
function storeBody(memory: PoolMemory, slot: number, { codec, body }: Encoded): number {
  const at = slot * slabBytes;
  if (codec === "flat") return memory.flat.write(body, at);
  if (typeof body !== "string") return storeBytes(memory, slot, body);
  // Three bytes a UTF-16 unit at most: only then is the length known to fit without encoding twice.
  if (body.length * 3 <= slabBytes) return memory.slabs.write(body, at, "utf8");
  return storeBytes(memory, slot, Buffer.from(body, "utf8"));
}

function storeBytes(memory: PoolMemory, slot: number, bytes: Uint8Array): number {
  if (bytes.length <= slabBytes) memory.slabs.set(bytes, slot * slabBytes);
  else memory.words[memory.slot(slot, slotField.block)] = writeChain(memory, bytes) + 1;
  return bytes.length;
}

/** The slot's value; the slot must be the caller's. */
export function loadPayload(memory: PoolMemory, slot: number): unknown {
  const { words } = memory;
  const codec = codecs[words[memory.slot(slot, slotField.codec)] ?? 0] ?? "none";
  const length = words[memory.slot(slot, slotField.bytes)] ?? 0;
  const block = words[memory.slot(slot, slotField.block)] ?? 0;
  const at = slot * slabBytes;
  if (codec === "flat") return memory.flat.read(at);
  if (block !== 0) return decodeValue(codec, readChain(memory, block - 1, length));
  // The usual case, without a view that only lives for one call.
  if (codec === "json") return JSON.parse(memory.slabs.toString("utf8", at, at + length));
  return decodeValue(codec, memory.slabs.subarray(at, at + length));
}

export function releasePayload(memory: PoolMemory, slot: number): void {
  const word = memory.slot(slot, slotField.block);
  const block = memory.words[word] ?? 0;
  if (block !== 0) freeChain(memory, block - 1);
  memory.words[word] = 0;
  memory.words[memory.slot(slot, slotField.bytes)] = 0;
}

// Free blocks are a stack: the word holds version (16 bits) and the top block plus one. The version makes a stack that
// changed and changed back look different. Block links hold the next block plus one; a block never used has link 0 and is
// found by the counter in the word beside the stack's.
const topMask = 0xffff;

function takeBlock(memory: PoolMemory): number {
  const { words } = memory;
  for (;;) {
    step("load", "free-blocks", 0);
    const seen = Atomics.load(words, hot.freeBlocks);
    const top = (seen & topMask) - 1;
    if (top < 0) return freshBlock(memory);
    const next = words[memory.blockLinksOffset + top] ?? 0;
    const word = (((seen >>> 16) + 1) << 16) | next;
    step("compare-exchange", "free-blocks", 0);
    if (Atomics.compareExchange(words, hot.freeBlocks, seen, word) === seen) return top;
  }
}

function freshBlock(memory: PoolMemory): number {
  step("add", "fresh-blocks", 0);
  const block = Atomics.add(memory.words, hot.freeBlocks + 1, 1);
  if (block < memory.blocks) return block;
  Atomics.sub(memory.words, hot.freeBlocks + 1, 1);
  const limit = Math.round((memory.blocks * blockBytes) / (1024 * 1024));
  throw new RangeError(`Payloads in flight fill the pool's ${limit} MiB; raise payloadBytes.`);
}

function writeChain(memory: PoolMemory, bytes: Uint8Array): number {
  let first = 0;
  // Written from the end, so that each block knows its successor.
  const last = Math.floor((bytes.length - 1) / blockBytes);
  try {
    for (let piece = last; piece >= 0; piece--) {
      const block = takeBlock(memory);
      const part = bytes.subarray(piece * blockBytes, (piece + 1) * blockBytes);
      memory.overflow.set(part, block * blockBytes);
      memory.words[memory.blockLinksOffset + block] = first;
      first = block + 1;
    }
  } catch (error) {
    if (first !== 0) freeChain(memory, first - 1);
    throw error;
  }
  return first - 1;
}

function readChain(memory: PoolMemory, first: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let block = first;
  for (let at = 0; at < length; at += blockBytes) {
    const from = block * blockBytes;
    bytes.set(memory.overflow.subarray(from, from + Math.min(blockBytes, length - at)), at);
    block = (memory.words[memory.blockLinksOffset + block] ?? 0) - 1;
  }
  return bytes;
}

function freeChain(memory: PoolMemory, first: number): void {
  const { words } = memory;
  let last = first;
  while ((words[memory.blockLinksOffset + last] ?? 0) !== 0) {
    last = (words[memory.blockLinksOffset + last] ?? 0) - 1;
  }
  for (;;) {
    step("load", "free-blocks", 0);
    const seen = Atomics.load(words, hot.freeBlocks);
    words[memory.blockLinksOffset + last] = seen & topMask;
    const word = (((seen >>> 16) + 1) << 16) | (first + 1);
    step("compare-exchange", "free-blocks", 0);
    if (Atomics.compareExchange(words, hot.freeBlocks, seen, word) === seen) return;
  }
}
