// What recovery after a thread's loss stands on in this pool: its parts, and what becomes of the events.

import { writeDeadLetter } from "./dead-letters.ts";
import type { PlainError } from "../payload/error-transfer.ts";
import { announce } from "../health/announce.ts";
import { failed } from "../overload/breaker.ts";
import type { PoolCore } from "../pool-core.ts";
import { slotField } from "../memory/memory-fields.ts";
import { recordEnd } from "./record-end.ts";
import type { Recovery } from "./recover.ts";

export function recoveryOf(
  core: PoolCore,
  handlers: readonly string[],
  queuedAgain: (slot: number) => void,
  error: PlainError,
): Recovery {
  const { memory, parts, locks, options, recorder } = core;
  const handlerOf = (slot: number): number =>
    memory.words[memory.slot(slot, slotField.handler)] ?? 0;
  return {
    memory,
    handleSet: parts.handleSet,
    locks,
    retries: options.retries,
    error,
    queuedAgain,
    ended: (slot, how) => {
      recordEnd(memory, recorder, slot, how);
      // Its caller's doing, not its handler's.
      if (how === "cancelled") return;
      failed(memory, handlerOf(slot), options, parts.nowMicros());
    },
    deadLetter: (slot) => keep(core, slot, handlers[handlerOf(slot)] ?? "", error),
  };
}

/** False when there is no file, or it can't be written: then the event is reported failed instead. */
function keep(core: PoolCore, slot: number, type: string, error: PlainError): boolean {
  const { memory, observer, options } = core;
  const file = options.deadLetters;
  if (file === undefined) return false;
  try {
    writeDeadLetter(file, memory, slot, type, error);
    const text = `An event "${type}" ended its threads too often and is in ${file}.`;
    announce(core.log, { name: "dead-letter", text }, { type, file });
    return true;
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : String(problem);
    observer.warning(`An event "${type}" could not be written to ${file}: ${why}`);
    return false;
  }
}
