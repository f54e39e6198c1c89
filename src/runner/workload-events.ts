// The events of a run, from wherever the configuration says: the module's own workload, a JSON Lines file, or empty ones.
// Each is checked before it is submitted; what is no event ends the run with a sentence that says which one it was.

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { deserialize } from "node:v8";
import { nearest } from "../base/nearest.ts";
import type { WorkloadSource } from "../protocol/run-configuration.ts";
import type { EventRequest } from "../runtime/handler.ts";
import { describeValue, isError, messageOf, summaryOf } from "../runtime/payload/describe-value.ts";
import type { HandlerModule } from "../runtime/thread/handler-module.ts";

/** A mistake in a workload, told to the person as it is. */
export class WorkloadError extends Error {}

/** What a workload's events are counted in: the lines of a file that are not empty, or what the iterator gave. */
export type EventWord = "event" | "line";

export const eventWord = ({ kind }: WorkloadSource): EventWord =>
  kind === "json-lines" ? "line" : "event";

/** Of an event that no thread can be given, or that there is no room for. */
export function notSent(word: EventWord, count: number, reason: unknown): string {
  const why = isError(reason) ? messageOf(reason) : describeValue(reason);
  return `${word === "line" ? "Line" : "Event"} ${count} of the workload could not be sent: ${why}`;
}

export async function* workloadEvents(
  source: WorkloadSource,
  module: HandlerModule,
): AsyncGenerator<EventRequest> {
  const names = [...module.handlers.keys()];
  const word = eventWord(source);
  let count = 0;
  for await (const value of rawEvents(source, module)) {
    count++;
    yield checkEvent(value, names, word, count);
  }
}

function rawEvents(
  source: WorkloadSource,
  module: HandlerModule,
): AsyncIterable<unknown> | Iterable<unknown> {
  switch (source.kind) {
    case "json-lines":
      return jsonLines(source.path);
    case "empty":
      return emptyEvents(source.events, [...module.handlers.keys()]);
    case "module":
      if (module.workload !== undefined) return module.workload();
      throw new WorkloadError(
        "The module exports no workload. Export function* workload() { yield { type, payload } }, " +
          "or give --workload events.jsonl, or --workload empty:1000.",
      );
  }
}

async function* jsonLines(path: string): AsyncGenerator {
  let line = 0;
  const lines = createInterface({ input: createReadStream(path, "utf8"), crlfDelay: Infinity });
  for await (const text of lines) {
    line++;
    if (text.trim() === "") continue;
    yield eventOfLine(text, `${path}:${line}`);
  }
}

function eventOfLine(text: string, place: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new WorkloadError(`${place} is no JSON: ${text.slice(0, 60)}`);
  }
  try {
    return withPayload(value);
  } catch (error) {
    throw new WorkloadError(`${place} has a \`clone\` that can't be read: ${summaryOf(error)}`);
  }
}

/** A dead letter whose payload JSON can't carry has it in V8's serialisation. */
function withPayload(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("clone" in value)) return value;
  const { clone, ...event } = value;
  return { ...event, payload: deserialize(Buffer.from(String(clone), "base64")) as unknown };
}

function* emptyEvents(events: number, handlers: readonly string[]): Generator<EventRequest> {
  for (let event = 0; event < events; event++) {
    yield { type: handlers[event % handlers.length] ?? "", payload: {} };
  }
}

/** What reading the event throws is a mistake of the workload, as is what it is. */
export function checkEvent(
  value: unknown,
  handlers: readonly string[],
  word: EventWord,
  count: number,
): EventRequest {
  try {
    const problem = problemOf(value, handlers);
    if (problem === undefined) return value as EventRequest;
    throw new WorkloadError(`Workload ${word} ${count} ${problem}`);
  } catch (error) {
    if (error instanceof WorkloadError) throw error;
    throw new WorkloadError(`Workload ${word} ${count} can't be read: ${summaryOf(error)}`);
  }
}

function problemOf(value: unknown, handlers: readonly string[]): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const given = describeValue(value).slice(0, 60);
    return `is no event: it is ${given}, not { type, payload, priority }.`;
  }
  const { type } = value as { readonly type?: unknown };
  if (type === undefined && handlers.length === 1) return undefined;
  if (typeof type === "string" && handlers.includes(type)) return undefined;
  const given = describeValue(type);
  const hint = nearest(typeof type === "string" ? type : given, handlers);
  const meant =
    hint === undefined ? `There is: ${handlers.join(", ")}.` : `Did you mean "${hint}"?`;
  return `has type ${given}, which no handler takes. ${meant}`;
}
