// What a loaded module gives the pool.

import type { EventRequest, Handler, HandlerContext } from "../handler.ts";

export interface HandlerModule {
  readonly handlers: ReadonlyMap<string, Handler>;
  /** Cheaper variants of some handlers, run in their place while the pool is overloaded or their circuit is open. */
  readonly degraded: ReadonlyMap<string, Handler>;
  readonly workload: (() => Iterable<EventRequest> | AsyncIterable<EventRequest>) | undefined;
  readonly setup: ((ctx: HandlerContext) => void | Promise<void>) | undefined;
  readonly teardown: ((ctx: HandlerContext) => void | Promise<void>) | undefined;
  /** A piscina or tinypool worker file: it is given the payload itself. */
  readonly takesPayload: boolean;
}
