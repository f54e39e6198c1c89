// A pool in a process of its own: events, errors and cancellation cross, and its death is its events' failure, not ours.

import assert from "node:assert/strict";
import { kinds } from "../../support/start-pool.ts";
import { pool, poolGroup, remotePool } from "../../../src/runtime/pool.ts";
import { until } from "../../support/until.ts";

describe("remote pool", function () {
  // Each starts a process; one of them twice.
  this.timeout(120_000);

  it("gives back results and errors as they were", async () => {
    const remote = await remotePool(kinds, { threads: 1 });
    const payload = { bytes: new Uint8Array([1, 2]), at: new Date(5) };
    assert.deepEqual(await remote.submit({ type: "echo", payload }), payload);
    await assert.rejects(remote.submit({ type: "fail", payload: 7 }), (error: Error) => {
      assert.deepEqual([error.name, error.message], ["TypeError", "bad 7"]);
      assert.match(error.stack ?? "", /kinds\.ts:/);
      return (error.cause as Error).message === "deep";
    });
    const refused = {
      "payload.call is a function": { call: () => 1 },
      "ctx.shared": [new Int32Array(new SharedArrayBuffer(8))],
      "payload is a Proxy": new Proxy({}, {}),
    };
    for (const [message, unsent] of Object.entries(refused)) {
      await assert.rejects(remote.submit({ type: "echo", payload: unsent }), new RegExp(message));
    }
    const twice = [payload, payload];
    const echoed = (await remote.submit({ type: "echo", payload: twice })) as object[];
    assert.equal(echoed[0], echoed[1]);
    await assert.rejects(remote.submit({ type: "nothing" }), /No handler for "nothing"/);
    const cancel = new AbortController();
    const cancelled = remote.submit({ type: "untilAborted" }, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 20);
    await assert.rejects(cancelled, { name: "AbortError" });
    assert.equal(remote.state.kind, "running");
    await remote.close();
    const { submitted, settled } = remote.counts();
    assert.equal(submitted, settled);
    await assert.rejects(remote.submit({ type: "echo" }), { name: "PoolClosedError" });
  });

  it("rejects with the problem of a module that can't be loaded", async () => {
    await assert.rejects(remotePool("no/such/file.ts"), /no\/such\/file\.ts/);
  });

  it("in a group: when its process is killed others take over, and it comes back", async () => {
    const [near, far] = await Promise.all([
      pool(kinds, { threads: 1 }),
      remotePool(kinds, { threads: 1 }),
    ]);
    const group = poolGroup({
      strategy: "round-robin",
      retries: 1,
      health: { everyMillis: 20 },
      pools: [
        { name: "near", pool: near },
        { name: "far", pool: far },
      ],
    });
    const pid = Number(await far.submit({ type: "processId" }));
    const results = Promise.all(
      Array.from({ length: 200 }, (_, payload) => group.submit({ type: "echo", payload })),
    );
    process.kill(pid, "SIGKILL");
    assert.deepEqual(
      await results,
      Array.from({ length: 200 }, (_, each) => each),
    );
    await until("the pool is down", () => group.figures().pools[1]?.state === "down");
    assert.equal(await group.submit({ type: "echo", payload: 1 }), 1);
    await until("the pool is up", () => group.figures().pools[1]?.state === "up");
    assert.notEqual(await far.submit({ type: "processId" }), pid);
    await group.close();
  });
});
