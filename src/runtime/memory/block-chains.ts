// The memory of payloads and results that are larger than a slab: blocks, a value's linked into a chain. Used by payload-store.ts
// only. A chain is named by its first block plus one, 0 for none; so is a link, which names the rest.
//
// Who needs blocks first reserves all of them, by their number, and only then takes them one by one: so nobody is told that the
// memory is full because of what another took in vain. A thread that dies in between leaves blocks that nobody has.

import { assert } from "../../base/assert.ts";
import { step } from "../../sync/step.ts";
import { blockBytes, hot } from "./memory-fields.ts";
import type { PoolMemory } from "./pool-memory.ts";

const freshWord = hot.freeBlocks + 1;
/** How many blocks are in chains, or reserved for one. */
const reservedWord = hot.freeBlocks + 2;

// Free blocks are a stack: the word holds version (16 bits) and the top block plus one. The version makes a stack that changed
// and changed back look different. A block never used is found by the counter in the word beside it.
const topMask = 0xffff;

/**
 * The chain with room for so many bytes: more blocks are taken, or those left over freed. 0, and it is as it was, when there are
 * not enough.
 */
export function fitChain(memory: PoolMemory, first: number, bytes: number): number {
  const blocks = Math.ceil(bytes / blockBytes);
  let last = 0;
  let rest = first;
  let kept = 0;
  for (; kept < blocks && rest !== 0; kept++) {
    last = rest;
    rest = linkOf(memory, last);
  }
  if (kept === blocks) {
    assert(last !== 0, "a chain has one block at least");
    setLink(memory, last, 0);
    if (rest !== 0) freeChain(memory, rest);
    return first;
  }
  if (!reserve(memory, blocks - kept)) return 0;
  const more = takeChain(memory, blocks - kept);
  if (last === 0) return more;
  setLink(memory, last, more);
  return first;
}

/** The chain must be long enough. */
export function writeChain(memory: PoolMemory, first: number, bytes: Uint8Array): void {
  let block = first;
  for (let at = 0; at < bytes.length; at += blockBytes) {
    memory.overflow.set(bytes.subarray(at, at + blockBytes), (block - 1) * blockBytes);
    block = linkOf(memory, block);
  }
}

export function readChain(memory: PoolMemory, first: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let block = first;
  for (let at = 0; at < length; at += blockBytes) {
    const from = (block - 1) * blockBytes;
    bytes.set(memory.overflow.subarray(from, from + Math.min(blockBytes, length - at)), at);
    block = linkOf(memory, block);
  }
  return bytes;
}

export function freeChain(memory: PoolMemory, first: number): void {
  const { words } = memory;
  let last = first;
  let blocks = 1;
  for (let rest = linkOf(memory, last); rest !== 0; rest = linkOf(memory, last)) {
    last = rest;
    blocks++;
  }
  for (;;) {
    step("load", "free-blocks", 0);
    const seen = Atomics.load(words, hot.freeBlocks);
    setLink(memory, last, seen & topMask);
    const word = (((seen >>> 16) + 1) << 16) | first;
    step("compare-exchange", "free-blocks", 0);
    // Publishes the links: pairs with the load in takeBlock.
    if (Atomics.compareExchange(words, hot.freeBlocks, seen, word) === seen) break;
  }
  step("add", "reserved-blocks", 0);
  // After they are on the stack: pairs with reserve, whose blocks are there to be taken.
  Atomics.add(words, reservedWord, -blocks);
}

/** The right to take so many. */
function reserve({ words, blocks }: PoolMemory, wanted: number): boolean {
  for (;;) {
    step("load", "reserved-blocks", 0);
    const seen = Atomics.load(words, reservedWord);
    if (seen + wanted > blocks) return false;
    step("compare-exchange", "reserved-blocks", 0);
    if (Atomics.compareExchange(words, reservedWord, seen, seen + wanted) === seen) return true;
  }
}

function takeChain(memory: PoolMemory, blocks: number): number {
  let first = 0;
  for (let taken = 0; taken < blocks; taken++) {
    const block = takeBlock(memory);
    setLink(memory, block, first);
    first = block;
  }
  return first;
}

/** One that the caller has reserved: there is one on the stack, or one never used. */
function takeBlock(memory: PoolMemory): number {
  const { words } = memory;
  for (;;) {
    step("load", "free-blocks", 0);
    const seen = Atomics.load(words, hot.freeBlocks);
    const top = seen & topMask;
    if (top === 0) {
      const fresh = freshBlock(memory);
      if (fresh !== 0) return fresh;
      continue;
    }
    const word = (((seen >>> 16) + 1) << 16) | linkOf(memory, top);
    step("compare-exchange", "free-blocks", 0);
    if (Atomics.compareExchange(words, hot.freeBlocks, seen, word) === seen) return top;
  }
}

function freshBlock({ words, blocks }: PoolMemory): number {
  step("add", "fresh-blocks", 0);
  const block = Atomics.add(words, freshWord, 1);
  if (block < blocks) return block + 1;
  // Taken back, so that the count never wraps.
  Atomics.sub(words, freshWord, 1);
  return 0;
}

const linkOf = (memory: PoolMemory, block: number): number =>
  memory.words[memory.blockLinksOffset + block - 1] ?? 0;

function setLink(memory: PoolMemory, block: number, rest: number): void {
  memory.words[memory.blockLinksOffset + block - 1] = rest;
}
