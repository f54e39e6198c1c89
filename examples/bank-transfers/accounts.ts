// A bank: accounts in shared memory, each behind a lock of its own, and a ledger that every
// transfer is entered in. The ledger's lock is kept across slow work, so that all threads queue
// for it: the hotspot that the report shows.

import type { EventRequest, Handler, HandlerContext } from "poolscope";

interface Transfer {
  readonly from: number;
  readonly to: number;
  readonly amount: number;
}

interface Balance {
  readonly account: number;
}

const accountCount = 16;
const openingBalance = 1_000_000;
const events = 20_000;

/** Each thread runs this; the first one opens the accounts. */
export function setup(ctx: HandlerContext): void {
  const opened = ctx.shared("opened", Int32Array, 1);
  if (Atomics.exchange(opened, 0, 1) === 0) balances(ctx).fill(openingBalance);
}

export const transfer: Handler<Transfer, number> = (event, ctx) => {
  const { from, to, amount } = event.payload;
  // Always the lower account first: two transfers in opposite directions can't wait for each other.
  const lower = ctx.mutex(`account-${Math.min(from, to)}`);
  const upper = ctx.mutex(`account-${Math.max(from, to)}`);
  lower.run(() => upper.run(() => move(balances(ctx), event.payload)));
  return enterInLedger(ctx, amount);
};

export const balance: Handler<Balance, number | undefined> = (event, ctx) => {
  const { account } = event.payload;
  return ctx.mutex(`account-${account}`).run(() => balances(ctx)[account]);
};

export function* workload(): Generator<EventRequest> {
  const random = seededRandom(7);
  for (let i = 0; i < events; i++) {
    const from = Math.floor(random() * accountCount);
    const to = (from + 1 + Math.floor(random() * (accountCount - 1))) % accountCount;
    const amount = 1 + Math.floor(random() * 100);
    if (random() < 0.2) yield { type: "balance", payload: { account: from }, priority: 1 };
    else yield { type: "transfer", payload: { from, to, amount }, priority: 0 };
  }
}

function balances(ctx: HandlerContext): Float64Array {
  return ctx.shared("balances", Float64Array, accountCount);
}

function move(accounts: Float64Array, { from, to, amount }: Transfer): void {
  accounts[from] = (accounts[from] ?? 0) - amount;
  accounts[to] = (accounts[to] ?? 0) + amount;
}

/** The defect to find: the checksum needs no lock, only the entry of its result does. */
function enterInLedger(ctx: HandlerContext, amount: number): number {
  const ledger = ctx.shared("ledger", Int32Array, 2);
  const guard = ctx.mutex("ledger").acquire();
  try {
    const checksum = auditChecksum(amount);
    ledger[0] = (ledger[0] ?? 0) + 1;
    ledger[1] = (ledger[1] ?? 0) ^ checksum;
    return checksum;
  } finally {
    guard.release();
  }
}

/** About 300 microseconds of arithmetic. */
function auditChecksum(amount: number): number {
  let hash = amount;
  for (let i = 0; i < 300_000; i++) hash = Math.imul(hash ^ i, 0x01000193);
  return hash;
}

/** From 0 up to 1; the same numbers for the same seed, so that each run gets the same transfers. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
