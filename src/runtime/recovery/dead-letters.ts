// The file of events that ended their threads more often than `retries` allows: one JSON line each, to be looked at and run
// again (`poolscope dead-letters`). Written at once and whole, before the event has its outcome: an event is either in the file
// or reported failed. The payload is whole, or it could not run again; the error's message holds no credentials.

import { appendFileSync } from "node:fs";
import { serialize } from "node:v8";
import type { PlainError } from "../payload/error-transfer.ts";
import { loadPayload } from "../payload/payload-store.ts";
import { codecs } from "../payload/payload-codec.ts";
import { withoutCredentials } from "../../trace/secrets.ts";
import { slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";

export interface DeadLetter {
  readonly type: string;
  /** Missing when it can't be written as JSON exactly: then `clone` holds it. */
  readonly payload?: unknown;
  /** The payload in V8's serialisation, base64. */
  readonly clone?: string;
  readonly priority: number;
  readonly error: { readonly name: string; readonly message: string };
  /** Times that the event was run. */
  readonly attempts: number;
  /** When it was given up, ISO 8601. */
  readonly time: string;
}

/** Throws what the file system says. The slot must be the caller's, its payload still in place. */
export function writeDeadLetter(
  file: string,
  memory: PoolMemory,
  slot: number,
  type: string,
  error: PlainError,
): void {
  const field = (name: number): number => memory.words[memory.slot(slot, name)] ?? 0;
  const payload = loadPayload(memory, slot);
  const codec = codecs[field(slotField.codec)];
  const exact = codec === "flat" || codec === "json" || codec === "none";
  const letter: DeadLetter = {
    type,
    ...(exact ? { payload } : { clone: serialize(payload).toString("base64") }),
    priority: field(slotField.priority),
    error: { name: error.name, message: withoutCredentials(error.message) },
    attempts: field(slotField.attempt) + 1,
    time: new Date().toISOString(),
  };
  // It holds payloads: nobody else on the machine is to read it.
  appendFileSync(file, `${JSON.stringify(letter)}\n`, { mode: 0o600 });
}
