// What one thread sees of the synchronizers: errors with a sentence, time limits, agreement on a name.

import assert from "node:assert/strict";
import { makeRecorder } from "../../src/recorder/ring-recorder.ts";
import { recordingRing } from "../../src/recorder/ring.ts";
import { StateRow, stateRowWords } from "../../src/recorder/state-row.ts";
import type { Guard } from "../../src/sync/guard.ts";
import { HeldGuards } from "../../src/sync/held-guards.ts";
import { LocalWaits } from "../../src/sync/local-waits.ts";
import { LockTable, lockTableWords } from "../../src/sync/lock-table.ts";
import { recoverLocks } from "../../src/sync/recover-locks.ts";
import type { ScopedLock } from "../../src/sync/scoped-lock.ts";
import { Synchronizers } from "../../src/sync/synchronizers.ts";
import { replaceWaits } from "../../src/sync/waits.ts";

const threads = 3;

function world() {
  const words = new Int32Array(new SharedArrayBuffer(lockTableWords(32, threads) * 4));
  const table = new LockTable(words, 0, 32, threads);
  const contexts = Array.from({ length: threads }, (_, thread) => ({
    words,
    thread,
    mayBlock: thread !== 0,
    recorder: makeRecorder("off", recordingRing(), process.hrtime.bigint),
    stateRow: new StateRow(new Int32Array(stateRowWords), 0),
    held: new HeldGuards(),
    waiting: new LocalWaits(),
    takeSite: () => 0,
    siteWhenBlocked: (site: number) => site,
    now: process.hrtime.bigint,
  }));
  const of = (thread: number, turn = 1): Synchronizers => {
    const context = contexts[thread];
    assert.ok(context !== undefined);
    return new Synchronizers(table, { ...context, currentTurn: () => turn });
  };
  const held = (thread: number): HeldGuards => contexts[thread]?.held ?? assert.fail();
  return { of, table, held };
}

const exclusive = {
  mutex: (of: Synchronizers) => of.mutex("m"),
  fair: (of: Synchronizers) => of.mutex("m", { fair: true }),
  write: (of: Synchronizers) => of.rwLock("rw").write,
};

/** Waits of the event loop that go on when what is returned is called, and not between two steps of the test. */
function wakeInSteps(): () => void {
  const asleep: (() => void)[] = [];
  replaceWaits({
    wait: () => "timed-out",
    waitAsync: (words, index, expected) =>
      Atomics.load(words, index) === expected
        ? new Promise((resolve) => asleep.push(() => resolve("ok")))
        : "not-equal",
    notify: () => 0,
  });
  return () => asleep.splice(0).forEach((wake) => wake());
}

/** False when it is refused since another turn of the thread has it; fails when it would block. */
function takesOrRefuses(lock: ScopedLock): boolean {
  try {
    lock.acquire(0).release();
    return true;
  } catch (error) {
    assert.match(String(error), /another turn of this thread/);
    return false;
  }
}

describe("synchronizers", () => {
  it("give one name to one kind with one setting", () => {
    const { of } = world();
    of(1).mutex("a");
    of(1).semaphore("s", 2);
    assert.throws(() => of(2).rwLock("a"), /"a" is a mutex already; give the rwlock another name/);
    assert.throws(() => of(2).semaphore("s", 3), /first asked for with 2, now with 3/);
    assert.throws(() => of(2).mutex("a", { fair: true }), /first asked for with 0, now with 1/);
    assert.throws(() => of(2).barrier("b", 0), /0 parties are not allowed; .* from 1 to/);
  });

  it("refuse a turn what it holds, and its thread what would never end", async () => {
    const { of } = world();
    const { read, write } = of(1).rwLock("rw");
    const guard = read.acquire();
    assert.throws(() => read.acquire(), /held by this very turn/);
    await assert.rejects(write.acquireAsync(), /held by this very turn/);
    assert.throws(() => of(1, 2).rwLock("rw").write.acquire(), /another turn of this thread/);
    guard.release();
  });

  it("refuse to block the main thread", () => {
    const { of } = world();
    const guard = of(1).mutex("a").acquire();
    assert.throws(() => of(0).mutex("a").acquire(), /main thread/);
    guard.release();
    const own = of(0).mutex("a").acquire();
    assert.throws(() => of(0).condition("c").wait(own), /main thread/);
    assert.throws(() => of(0).barrier("b", 2).wait(), /main thread/);
    own.release();
  });

  it("let readers in together and writers alone", () => {
    const { of } = world();
    const one = of(1).rwLock("rw").read.acquire();
    const other = of(2).rwLock("rw").read.tryAcquire();
    assert.ok(other !== undefined);
    assert.equal(of(0).rwLock("rw").write.tryAcquire(), undefined);
    one.release();
    other.release();
    const writer = of(1).rwLock("rw").write.acquire();
    assert.equal(of(2).rwLock("rw").read.tryAcquire(), undefined);
    writer.release();
  });

  it("end a wait at its time limit, by an error that says so, and leave no waiter behind", async () => {
    const { of } = world();
    for (const lock of [
      (thread: number) => of(thread).mutex("plain"),
      (thread: number) => of(thread).mutex("fair", { fair: true }),
      (thread: number) => of(thread).rwLock("rw").write,
      (thread: number) => of(thread).semaphore("one", 1),
    ]) {
      const guard = lock(1).acquire();
      assert.throws(() => lock(2).acquire(5), { name: "TimeoutError", message: /within 5 ms/ });
      await assert.rejects(lock(2).acquireAsync(5), { name: "TimeoutError" });
      guard.release();
      lock(2).acquire().release();
    }
    assert.throws(() => of(1).mutex("plain").acquire(-1), /0 or more milliseconds, not -1/);
  });

  it("tell a condition's notify from the end of its time, and hold the lock after both", async () => {
    const { of } = world();
    const guard = of(1).mutex("m").acquire();
    assert.equal(of(1).condition("c").wait(guard, 5), false);
    assert.equal(of(2).mutex("m").tryAcquire(), undefined);
    const waiting = of(1).condition("c").waitAsync(guard);
    const other = of(2).mutex("m").acquire();
    of(2).condition("c").notifyOne();
    other.release();
    assert.equal(await waiting, true);
    assert.equal(guard.released, false);
    guard.release();
  });

  it("refuse a condition a guard that is not held, or shared", () => {
    const { of } = world();
    const guard = of(1).mutex("m").acquire();
    guard.release();
    assert.throws(() => of(1).condition("c").wait(guard), /"m" is not held any more/);
    const reader = of(1).rwLock("rw").read.acquire();
    assert.throws(() => of(1).condition("c").wait(reader), /"rw" is shared/);
    reader.release();
  });

  // A turn has an awaited lock some steps before its code goes on. Another turn of the thread that blocked for it in between
  // would keep the owner from ever giving it back.
  for (const [kind, lockOf] of Object.entries(exclusive)) {
    for (const how of ["free", "awaited", "let go for a condition"] as const) {
      it(`never let two turns of a thread wait for each other: ${kind}, ${how}`, async () => {
        const { of } = world();
        const wake = wakeInSteps();
        try {
          const mine = lockOf(of(1));
          let guard: Guard | undefined;
          if (how === "free") void mine.acquireAsync().then((taken) => (guard = taken));
          if (how === "awaited") {
            const other = lockOf(of(2)).acquire();
            void mine.acquireAsync().then((taken) => (guard = taken));
            other.release();
          }
          if (how === "let go for a condition") {
            const own = mine.acquire();
            const waiting = of(1).condition("c").waitAsync(own);
            void waiting.then(() => (guard = own));
            of(2).condition("c").notifyOne();
          }
          let refused = 0;
          for (let step = 0; guard === undefined; step++) {
            assert.ok(step < 100, "it never came");
            if (!takesOrRefuses(lockOf(of(1, 2)))) refused++;
            wake();
            await Promise.resolve();
          }
          assert.ok(refused > 0, "no step in between was looked at");
          guard.release();
        } finally {
          replaceWaits(undefined);
        }
      });
    }
  }

  it("refuse to block a thread whose turn waits for readers to leave", async () => {
    const { of } = world();
    const reader = of(2).rwLock("rw").read.acquire();
    const writer = of(1).rwLock("rw").write.acquireAsync();
    for (const side of ["read", "write"] as const) {
      const refused = of(1, 2).rwLock("rw")[side];
      assert.throws(() => refused.acquire(0), /another turn of this thread/, side);
    }
    reader.release();
    (await writer).release();
    of(2).rwLock("rw").write.acquire(0).release();
  });

  it("give back a lock that comes after the turn that awaited it has settled, and say so", async () => {
    const { of, held } = world();
    const guard = of(1).mutex("m").acquire();
    const late = of(2).mutex("m").acquireAsync();
    const told: string[] = [];
    held(2).onLate = ({ name }) => void told.push(name);
    held(2).releaseTurn(1);
    guard.release();
    await assert.rejects(late, /"m" came after the handler that asked for it had ended/);
    assert.deepEqual(told, ["m"]);
    of(0).mutex("m").acquire().release();
  });

  it("give back what a condition gets again for a turn that has settled", async () => {
    const { of, held } = world();
    const guard = of(1).mutex("m").acquire();
    const waiting = of(1).condition("c").waitAsync(guard);
    held(1).releaseTurn(1);
    of(2).condition("c").notifyOne();
    await assert.rejects(waiting, /"m" came after/);
    guard.release();
    of(2).mutex("m").acquire().release();
  });

  it("keep code of no turn apart from other code of no turn", async () => {
    const { of, held } = world();
    const { read } = of(1, 0).rwLock("rw");
    const guard = of(1, 0).mutex("m").acquire();
    assert.equal(of(1, 0).mutex("m").tryAcquire(), undefined);
    assert.throws(() => of(1, 0).mutex("m").acquire(), /blocking here would never end/);
    const later = of(1, 0).mutex("m").acquireAsync();
    read.acquire().release();
    held(1).releaseTurn(1);
    guard.release();
    (await later).release();
    of(2).mutex("m").acquire().release();
  });

  it("hand a fair lock over in the order in which it was asked for", async () => {
    const { of } = world();
    const order: number[] = [];
    const guard = of(0).mutex("m", { fair: true }).acquire();
    const later = [2, 1, 2].map(async (thread, turn) => {
      const mine = await of(thread, turn + 1)
        .mutex("m")
        .acquireAsync();
      order.push(turn);
      await Promise.resolve();
      mine.release();
    });
    guard.release();
    // Whoever asks now comes last, free as the lock may seem.
    assert.equal(of(0).mutex("m").tryAcquire(), undefined);
    await Promise.all(later);
    assert.deepEqual(order, [0, 1, 2]);
  });

  it("are taken over from the dead, and say so: readers leave the mark for the next writer", () => {
    const { of, table } = world();
    of(1).rwLock("rw").write.acquire();
    assert.deepEqual(recoverLocks(table, 1).length, 1);
    assert.deepEqual(recoverLocks(table, 1), []);
    const reader = of(2).rwLock("rw").read.acquire();
    assert.equal(reader.abandoned, true);
    reader.release();
    const writer = of(2).rwLock("rw").write.acquire();
    assert.equal(writer.abandoned, true);
    writer.release();
    const after = of(2).rwLock("rw").read.acquire();
    assert.equal(after.abandoned, false);
  });

  it("let a writer in when the reader has died", async () => {
    const { of, table } = world();
    of(1).rwLock("rw").read.acquire();
    const writer = of(2).rwLock("rw").write.acquireAsync();
    recoverLocks(table, 1);
    (await writer).release();
  });

  it("break a barrier for all when a party dies or gives up, until it is reset", async () => {
    const { of, table } = world();
    const dead = of(1).barrier("b", 3).waitAsync();
    const other = of(2).barrier("b", 3).waitAsync();
    recoverLocks(table, 1);
    await assert.rejects(other, { name: "BarrierBrokenError" });
    await assert.rejects(dead, { name: "BarrierBrokenError" });
    assert.throws(() => of(2).barrier("b", 3).wait(), { name: "BarrierBrokenError" });
    of(2).barrier("b", 3).reset();
    await assert.rejects(of(2).barrier("b", 3).waitAsync(5), /not all 3 parties came within 5 ms/);
    assert.equal(of(1).barrier("b", 3).broken, true);
  });

  it("stripe a lock by key", () => {
    const { of } = world();
    const striped = of(1).striped("accounts", 8);
    assert.equal(striped.of("42"), striped.of(42));
    const names = new Set(Array.from({ length: 50 }, (_, key) => striped.of(key).name));
    assert.ok(names.size > 4, [...names].join());
  });
});
