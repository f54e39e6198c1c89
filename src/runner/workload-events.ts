// The events of a run, from wherever the configuration says: the module's own workload, a JSON Lines file, or empty ones.
// Each is checked before it is submitted; what is no event ends the run with a sentence that says which one it was.

import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { deserialize } from "node:v8";
import { nearest } from "../base/nearest.ts";
import type { WorkloadSource } from "../protocol/run-configuration.ts";
import type { EventRequest } from "../runtime/handler.ts";
import type { HandlerModule } from "../runtime/thread/handler-module.ts";

/** A mistake in a workload, told to the person as it is. */
export class WorkloadError extends Error {}

export async function* workloadEvents(
  source: WorkloadSource,
  module: HandlerModule,
): AsyncGenerator<EventRequest> {
  const names = [...module.handlers.keys()];
  let count = 0;
  for await (const value of rawEvents(source, module)) {
    count++;
    yield checkEvent(value, names, source.kind === "json-lines" ? "line" : "event", count);
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
    try {
      yield withPayload(JSON.parse(text));
    } catch {
      throw new WorkloadError(`${path}:${line} is no JSON: ${text.slice(0, 60)}`);
    }
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

export function checkEvent(
  value: unknown,
  handlers: readonly string[],
  word: string,
  count: number,
): EventRequest {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const given = JSON.stringify(value) ?? String(value);
    throw new WorkloadError(
      `Workload ${word} ${count} is no event: it is ${given.slice(0, 60)}, not { type, payload, priority }.`,
    );
  }
  const { type } = value as EventRequest;
  if (type === undefined && handlers.length === 1) return value;
  if (type !== undefined && handlers.includes(type)) return value;
  const hint = nearest(String(type), handlers);
  const meant =
    hint === undefined ? `There is: ${handlers.join(", ")}.` : `Did you mean "${hint}"?`;
  throw new WorkloadError(
    `Workload ${word} ${count} has type ${JSON.stringify(type) ?? "undefined"}, which no handler takes. ${meant}`,
  );
}
