// Blocks on request, in the workload thread of a run that stands still otherwise. The workload may be another version's
// than the handlers': both versions of a comparison are given one and the same.

import { basename, extname } from "node:path";
import type { BlockParams } from "../protocol/run-messages.ts";
import type { EventRequest } from "../runtime/handler.ts";
import type { HandlerModule } from "../runtime/thread/handler-module.ts";
import type { OpenSubmitter } from "../runtime/submit/submitter-seat.ts";
import { BlockEvents } from "./block-events.ts";
import type { Pace } from "./pace.ts";
import { runBlock } from "./run-block.ts";
import { digestOf } from "./value-digest.ts";
import { WorkloadError } from "./workload-events.ts";
import type { MeasuredBlock, WorkloadBlocks, WorkloadStart } from "./workload-messages.ts";

export class BlockServer {
  readonly #start: WorkloadStart;
  readonly #blocks: WorkloadBlocks;
  readonly #submitter: OpenSubmitter;
  readonly #pace: Pace;
  readonly #load: () => Promise<HandlerModule>;
  #events: BlockEvents | undefined;

  constructor(
    start: WorkloadStart,
    blocks: WorkloadBlocks,
    submitter: OpenSubmitter,
    pace: Pace,
    load: () => Promise<HandlerModule>,
  ) {
    this.#start = start;
    this.#blocks = blocks;
    this.#submitter = submitter;
    this.#pace = pace;
    this.#load = load;
  }

  /** Rejects when the workload has a mistake. */
  async run(params: BlockParams): Promise<MeasuredBlock> {
    const { workload } = this.#start.configuration;
    this.#events ??= new BlockEvents(workload, await this.#load());
    const given = await this.#events.next(params.events);
    const events = given.map((event) => this.#forHandlers(event));
    const startNanos = BigInt(this.#blocks.startNanos);
    const figures = await runBlock(events, params, this.#submitter, this.#pace, startNanos);
    // As the workload gave them: what the two versions call their default handlers may differ.
    const handlers = [...new Set(given.map(({ type }) => type ?? ""))].sort();
    const handlerOf = given.map(({ type }) => handlers.indexOf(type ?? ""));
    return { ...figures, submitted: digestOf(given), handlers, handlerOf };
  }

  /** A default handler is called as its file, and the two versions may be two files. */
  #forHandlers(event: EventRequest): EventRequest {
    const { handlers } = this.#start.seat;
    const { type } = event;
    if (type === undefined || handlers.includes(type)) return event;
    const own = nameOf(this.#blocks.module);
    if (type === nameOf(this.#start.prepared.entry) && handlers.includes(own)) {
      return { ...event, type: own };
    }
    throw new WorkloadError(
      `The workload of ${this.#start.prepared.entry} gives events of type "${type}", which ` +
        `${this.#blocks.module} has no handler for. It has: ${handlers.join(", ")}.`,
    );
  }
}

function nameOf(path: string): string {
  return basename(path, extname(path));
}
