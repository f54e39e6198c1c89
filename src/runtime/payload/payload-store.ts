// Where an encoded value lies: in its slot's slab, or, when it is larger, in a chain of blocks of the overflow memory. The
// slot's codec, bytes and block words say so; the slot word's change publishes them.

import { step } from "../../sync/step.ts";
import { blockBytes, hot, slabBytes, slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { codecCode, codecs, decodeValue, type Encoded } from "./payload-codec.ts";

/**
 * Stores a value in place of what lay there; the slot must be the caller's. False when the memory is full, and then that
 * is still there. A value that needs no more memory than the one before always finds it: it takes over its blocks, so that an event that
 * was accepted keeps room for its result, whoever else waits for some.
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

// Free blocks are a stack: the word holds version (16 bits) and the top block plus one. The version makes a stack that
// changed and changed back look different. Block links hold the next block plus one; a block never used has link 0 and is
// found by the counter in the word beside the stack's.
const topMask = 0xffff;

/** A block plus one; 0 when there is none. */
function takeBlock(memory: PoolMemory): number {
  const { words } = memory;
  for (;;) {
    step("load", "free-blocks", 0);
    const seen = Atomics.load(words, hot.freeBlocks);
    const top = seen & topMask;
    if (top === 0) return freshBlock(memory);
    const word = (((seen >>> 16) + 1) << 16) | linkOf(memory, top);
    step("compare-exchange", "free-blocks", 0);
    if (Atomics.compareExchange(words, hot.freeBlocks, seen, word) === seen) return top;
  }
}

function freshBlock(memory: PoolMemory): number {
  step("add", "fresh-blocks", 0);
  const block = Atomics.add(memory.words, hot.freeBlocks + 1, 1);
  if (block < memory.blocks) return block + 1;
  Atomics.sub(memory.words, hot.freeBlocks + 1, 1);
  return 0;
}

// A chain is its first block plus one, 0 for none; so is a link, which names the rest.
const linkOf = (memory: PoolMemory, block: number): number =>
  memory.words[memory.blockLinksOffset + block - 1] ?? 0;

function setLink(memory: PoolMemory, block: number, rest: number): void {
  memory.words[memory.blockLinksOffset + block - 1] = rest;
}

/** False, and the chain stays as it was, when there are not enough blocks. */
function storeChain(memory: PoolMemory, slot: number, bytes: Uint8Array): boolean {
  const { words, overflow } = memory;
  const word = memory.slot(slot, slotField.block);
  const first = fitChain(memory, words[word] ?? 0, Math.ceil(bytes.length / blockBytes));
  if (first === 0) return false;
  words[word] = first;
  let block = first;
  for (let at = 0; at < bytes.length; at += blockBytes) {
    overflow.set(bytes.subarray(at, at + blockBytes), (block - 1) * blockBytes);
    block = linkOf(memory, block);
  }
  return true;
}

/** The chain, with as many blocks: more are taken, or those left over freed. 0 when there are not enough. */
function fitChain(memory: PoolMemory, first: number, blocks: number): number {
  let last = 0;
  let rest = first;
  let kept = 0;
  for (; kept < blocks && rest !== 0; kept++) {
    last = rest;
    rest = linkOf(memory, last);
  }
  if (kept === blocks) {
    setLink(memory, last, 0);
    if (rest !== 0) freeChain(memory, rest);
    return first;
  }
  const more = takeChain(memory, blocks - kept);
  if (more === 0 || last === 0) return more;
  setLink(memory, last, more);
  return first;
}

function takeChain(memory: PoolMemory, blocks: number): number {
  let first = 0;
  for (let taken = 0; taken < blocks; taken++) {
    const block = takeBlock(memory);
    if (block === 0) {
      if (first !== 0) freeChain(memory, first);
      return 0;
    }
    setLink(memory, block, first);
    first = block;
  }
  return first;
}

function readChain(memory: PoolMemory, first: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let block = first;
  for (let at = 0; at < length; at += blockBytes) {
    const from = (block - 1) * blockBytes;
    bytes.set(memory.overflow.subarray(from, from + Math.min(blockBytes, length - at)), at);
    block = linkOf(memory, block);
  }
  return bytes;
}

function freeChain(memory: PoolMemory, first: number): void {
  const { words } = memory;
  let last = first;
  for (let rest = linkOf(memory, last); rest !== 0; rest = linkOf(memory, last)) last = rest;
  for (;;) {
    step("load", "free-blocks", 0);
    const seen = Atomics.load(words, hot.freeBlocks);
    setLink(memory, last, seen & topMask);
    const word = (((seen >>> 16) + 1) << 16) | first;
    step("compare-exchange", "free-blocks", 0);
    if (Atomics.compareExchange(words, hot.freeBlocks, seen, word) === seen) return;
  }
}
