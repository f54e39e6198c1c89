// Totals of accounts, kept in two ways: `shared` in one copy in shared memory under one lock, `own` in each thread's own copy
// without any. See which concurrency model suits which:
//
//     poolscope models examples/models/totals.ts
//
// Under "active-object" each account (the event's key) has one thread, so that its own copy is the only one; "monitor-object"
// holds the account's lock around the handler; the other models let any thread handle any event.

import type { Handler } from "poolscope";

interface Booking {
  readonly account: number;
  readonly amount: number;
}

const accounts = 64;

/** About a tenth of a millisecond of work, as a check of the booking would be. */
function check({ account, amount }: Booking): number {
  let sum = account;
  for (let step = 0; step < 40_000; step++) sum = (Math.imul(sum, 31) + amount + step) | 0;
  return sum;
}

function add(totals: Float64Array, { account, amount }: Booking): void {
  totals[account] = (totals[account] ?? 0) + amount;
}

export const shared: Handler<Booking> = (event, ctx) => {
  const totals = ctx.shared("totals", Float64Array, accounts);
  ctx.mutex("totals").run(() => {
    // Under the lock, where it need not be: the model shows it, and so does poolscope profile.
    check(event.payload);
    add(totals, event.payload);
  });
};

export const own: Handler<Booking> = (event, ctx) => {
  const totals = ctx.threadLocal("totals", () => new Float64Array(accounts));
  check(event.payload);
  add(totals, event.payload);
};

export function* workload() {
  for (let count = 0; ; count++) {
    const payload: Booking = { account: (count * 7) % accounts, amount: count % 100 };
    yield { type: count % 4 === 0 ? "shared" : "own", payload, key: payload.account };
  }
}
