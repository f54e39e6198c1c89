// The signals that events are submitted with: one for many, of any origin, at any moment.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { resolve } from "node:path";
import fc from "fast-check";
import type { SubmitOptions } from "../../src/runtime/handler.ts";
import type { AcceptedEvent } from "../../src/runtime/submit/accepted-event.ts";
import { checkSignal, hearAbort } from "../../src/runtime/submit/hear-abort.ts";
import { Outbox } from "../../src/runtime/submit/outbox.ts";
import { nothing } from "../../src/runtime/payload/payload-codec.ts";
import { remotePool } from "../../src/runtime/pool.ts";
import type { ThreadPool } from "../../src/runtime/thread-pool.ts";
import { startPool } from "../support/start-pool.ts";
import { until } from "../support/until.ts";

const stubborn = resolve("test/fixtures/handlers/stubborn.ts");

const listenersOf = (signal: AbortSignal): number => getEventListeners(signal, "abort").length;

describe("one signal for many events", () => {
  let pool: ThreadPool;
  const warnings: Error[] = [];
  const warned = (warning: Error): void => void warnings.push(warning);

  before(async () => {
    process.on("warning", warned);
    pool = await startPool({ threads: 2, capacity: 64, handlerGrace: 20_000 }, {}, stubborn);
  });

  after(async () => {
    process.off("warning", warned);
    await pool.close({ pending: "cancel", withinMillis: 3000 });
  });

  it("has one listener, whether they run, are queued or wait for a place, and none afterwards", async () => {
    const { signal } = new AbortController();
    const all = Array.from({ length: 500 }, (_, payload) =>
      pool.submit({ type: "echo", payload }, { signal }),
    );
    assert.equal(listenersOf(signal), 1);
    await Promise.all(all);
    assert.equal(listenersOf(signal), 0);
    assert.deepEqual(warnings, []);
  });

  it("rejects each of them with its reason, and is heard no more", async () => {
    const cancel = new AbortController();
    const { signal } = cancel;
    const all = Array.from({ length: 500 }, (_, index) =>
      pool.submit({ type: index % 2 === 0 ? "obey" : "echo" }, { signal }),
    );
    const before = pool.counts().settled;
    cancel.abort(null);
    const results = await Promise.allSettled(all);
    for (const result of results) {
      if (result.status === "rejected") assert.equal(result.reason, null);
    }
    assert.ok(results.some(({ status }) => status === "rejected"));
    assert.equal(listenersOf(signal), 0);
    assert.ok(pool.counts().settled >= before);
  });

  it("submits nothing once it is aborted", async () => {
    const before = pool.counts().submitted;
    await assert.rejects(
      pool.submit({ type: "echo" }, { signal: AbortSignal.abort("why") }),
      (each) => each === "why",
    );
    assert.equal(pool.counts().submitted, before);
  });

  it("may be a time limit, or any of several", async () => {
    const limit = pool.submit({ type: "obey" }, { signal: AbortSignal.timeout(20) });
    await assert.rejects(limit, { name: "TimeoutError" });
    const one = new AbortController();
    const signal = AbortSignal.any([one.signal, AbortSignal.timeout(60_000)]);
    const either = pool.submit({ type: "obey" }, { signal });
    one.abort(new Error("the one"));
    await assert.rejects(either, /the one/);
  });

  it("may be aborted by the payload itself, while it is read", async () => {
    const cancel = new AbortController();
    const payload = {
      get field() {
        cancel.abort(new Error("from the payload"));
        return 1;
      },
    };
    const { signal } = cancel;
    await assert.rejects(pool.submit({ type: "echo", payload }, { signal }), /from the payload/);
    assert.equal(listenersOf(signal), 0);
  });

  it("may come from another library, which knows no reason", async () => {
    const foreign = Object.assign(new EventTarget(), { aborted: false });
    const options = { signal: foreign } as unknown as SubmitOptions;
    const result = pool.submit({ type: "obey" }, options);
    foreign.aborted = true;
    foreign.dispatchEvent(new Event("abort"));
    await assert.rejects(result, { name: "AbortError" });
    await assert.rejects(pool.submit({ type: "echo" }, options), { name: "AbortError" });
  });

  for (const signal of [null, 7, "abort", {}, { aborted: false, addEventListener: 1 }]) {
    it(`is refused where it could never tell: ${JSON.stringify(signal)}`, async () => {
      const options = { signal } as unknown as SubmitOptions;
      await assert.rejects(pool.submit({ type: "echo" }, options), /signal is an AbortSignal/);
    });
  }
});

describe("a signal given to a remote pool", () => {
  it("rejects at once, whatever its handler does, and has one listener", async () => {
    const pool = await remotePool(stubborn, { threads: 1, handlerGrace: 20 });
    const cancel = new AbortController();
    const { signal } = cancel;
    const types = ["loop", ...Array.from({ length: 30 }, () => "echo")];
    const all = types.map((type) => pool.submit({ type }, { signal }));
    await until("the handler has begun", () => pool.counts().submitted > 0);
    assert.equal(listenersOf(signal), 1);
    cancel.abort(new Error("not wanted"));
    for (const each of all) await assert.rejects(each, /not wanted/);
    assert.equal(listenersOf(signal), 0);
    assert.equal(await pool.submit({ type: "echo", payload: 1 }, {}), 1);
    await pool.close();
    assert.equal(pool.counts().cancelled, types.length);
  });
});

describe("hearing an abort", () => {
  it("tells each once who still listens, with one listener at most, in any order of calls", () => {
    const calls = fc.array(fc.tuple(fc.constantFrom("add", "drop", "abort"), fc.nat(5)));
    fc.assert(
      fc.property(calls, (steps) => {
        const cancel = new AbortController();
        const heard: number[] = [];
        const listening = new Map<number, () => void>();
        for (const [step, who] of steps) {
          if (cancel.signal.aborted) break;
          if (step === "add" && !listening.has(who)) {
            listening.set(
              who,
              hearAbort(cancel.signal, () => heard.push(who)),
            );
          } else if (step === "drop") {
            listening.get(who)?.();
            listening.delete(who);
          } else if (step === "abort") cancel.abort();
          const expected = listening.size === 0 || cancel.signal.aborted ? 0 : 1;
          assert.equal(listenersOf(cancel.signal), expected);
        }
        assert.deepEqual(heard, cancel.signal.aborted ? [...listening.keys()] : []);
      }),
    );
  });

  it("takes any target of events", () => {
    assert.doesNotThrow(() => checkSignal(new EventTarget()));
  });
});

const event = (): AcceptedEvent => ({
  ...{ handler: 0, object: 0, priority: 0, dueMicros: 0, submittedMicros: 0, encodeNanos: 0 },
  payload: nothing,
  resolve: () => undefined,
  reject: () => undefined,
  refuse: () => undefined,
  place: "nowhere",
  unhearAbort: undefined,
});

describe("the outbox", () => {
  it("gives what was not dropped, in order, and holds nothing of what was", () => {
    const steps = fc.array(fc.constantFrom("push", "take", "drop", "put back"), { maxLength: 300 });
    fc.assert(
      fc.property(steps, (kinds) => {
        const outbox = new Outbox();
        let model: AcceptedEvent[] = [];
        for (const kind of kinds) {
          const first = model[0];
          if (kind === "push") {
            const each = event();
            outbox.push(each);
            model.push(each);
          } else if (kind === "take") {
            assert.equal(outbox.take(), model.shift());
          } else if (kind === "drop") {
            const dropped = model[model.length >> 1];
            if (dropped !== undefined) outbox.drop(dropped, "why");
            model = model.filter((each) => each !== dropped);
          } else if (first !== undefined) {
            assert.equal(outbox.take(), first);
            outbox.putBack(first);
          }
          assert.equal(outbox.size, model.length);
        }
      }),
    );
  });

  it("does not grow by events that are dropped while nothing is taken", () => {
    const outbox = new Outbox();
    outbox.push(event());
    for (let count = 0; count < 20_000; count++) {
      const each = event();
      outbox.push(each);
      outbox.drop(each, "why");
    }
    assert.ok(outbox.held < 5000, `${outbox.held} are held`);
  });
});
