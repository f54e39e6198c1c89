// The process of a remote pool: starts a pool as it is told, submits what comes, sends back what settles. It ends when the pool is
// closed, or when the process that uses it is gone.

import { assert } from "../../base/assert.ts";
import { encodeClone } from "../payload/payload-codec.ts";
import { fromCloneBytes } from "../payload/structured-clone.ts";
import { toPlainError } from "../payload/read-error.ts";
import { pool as startPool } from "../pool.ts";
import type { Pool } from "../pool-front.ts";
import type { FromRemote, ToRemote } from "./remote-messages.ts";

const tellMillis = 250;

assert(process.send !== undefined, "remote-pool-main runs as a child process only");
let pool: Pool | undefined;
const cancels = new Map<number, AbortController>();

function tell(message: FromRemote): void {
  // Without a channel there is nobody to be told: see "disconnect".
  if (process.connected) process.send?.(message);
}

function tellState(): void {
  if (pool !== undefined) tell({ kind: "told", counts: pool.counts(), state: pool.state });
}

async function hear(message: ToRemote): Promise<void> {
  switch (message.kind) {
    case "start":
      return start(message);
    case "submit":
      return submit(message);
    case "cancel":
      return cancels.get(message.id)?.abort();
    case "close":
      await pool?.close(message.options);
      if (pool !== undefined) tell({ kind: "closed", counts: pool.counts() });
      // Another close has done it perhaps.
      if (process.connected) process.disconnect();
  }
}

async function start({ module, options }: Extract<ToRemote, { kind: "start" }>): Promise<void> {
  try {
    pool = await startPool(module, options);
  } catch (error) {
    tell({ kind: "refused", error: toPlainError(error) });
    return process.disconnect();
  }
  tell({ kind: "started", handlers: pool.handlers });
  setInterval(tellState, tellMillis).unref();
}

async function submit({ id, event }: Extract<ToRemote, { kind: "submit" }>): Promise<void> {
  assert(pool !== undefined, "an event came before the pool had started");
  const cancel = new AbortController();
  cancels.set(id, cancel);
  try {
    const payload = fromCloneBytes(event.payload);
    const result = await pool.submit({ ...event, payload }, { signal: cancel.signal });
    tell({ kind: "completed", id, result: encodeClone(result, "result") });
  } catch (error) {
    tell({ kind: "failed", id, error: toPlainError(error) });
  } finally {
    cancels.delete(id);
  }
  if (pool.state.kind === "broken") tellState();
}

process.on("message", (message: ToRemote) => void hear(message));
process.on("disconnect", () => process.exit(0));
