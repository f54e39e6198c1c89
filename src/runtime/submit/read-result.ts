// What a settled slot holds for its submitter. Reading it runs V8's deserializer over bytes that another thread has written, which
// may fail for this event; then that is what its submitter is told, and nobody else notices.

import type { Outcome } from "../../trace/outcome.ts";
import { slotField } from "../memory/memory-fields.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import { summaryOf } from "../payload/describe-value.ts";
import { toError, type PlainError } from "../payload/error-transfer.ts";
import { loadPayload } from "../payload/payload-store.ts";

export type Result = { readonly value: unknown } | { readonly reason: unknown };

export function readResult(
  setup: { readonly memory: PoolMemory; readonly handlers: readonly string[] },
  slot: number,
  outcome: Outcome,
): Result {
  try {
    const value = loadPayload(setup.memory, slot);
    return outcome === "completed" ? { value } : { reason: toError(value as PlainError) };
  } catch (thrown) {
    return { reason: unreadResult(setup, slot, thrown) };
  }
}

function unreadResult(
  { memory, handlers }: Parameters<typeof readResult>[0],
  slot: number,
  thrown: unknown,
): Error {
  const field = (name: number): number => memory.words[memory.slot(slot, name)] ?? 0;
  const type = handlers[field(slotField.handler)] ?? "";
  const message = `The result of event ${field(slotField.event)} (${type}) can't be read here: ${summaryOf(thrown)}`;
  return Object.assign(new Error(message, { cause: thrown }), { name: "DataCloneError" });
}
