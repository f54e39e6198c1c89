// What happens to a pool, told in its log and to whoever subscribes to node:diagnostics_channel ("poolscope:thread-lost" and so
// on); the latter costs nothing while nobody does.

import { channel, type Channel } from "node:diagnostics_channel";
import type { LogLevel } from "../pool-options.ts";
import type { PoolLog } from "./log.ts";

const happenings = {
  /** { threads } */
  started: on("started", "info"),
  /** { reason } */
  "thread-lost": on("thread-lost", "warn"),
  /** { thread } */
  "thread-joined": on("thread-joined", "debug"),
  /** { type, file } */
  "dead-letter": on("dead-letter", "warn"),
  /** { handlers } */
  "handlers-replaced": on("handlers-replaced", "info"),
  /** { threads } */
  resized: on("resized", "info"),
  /** { queue, promotion, when, threads } */
  configured: on("configured", "info"),
  /** { reason } */
  broken: on("broken", "error"),
  /** Its counts. */
  closed: on("closed", "info"),
} as const;

function on(
  name: string,
  level: LogLevel,
): { readonly channel: Channel; readonly level: LogLevel } {
  return { channel: channel(`poolscope:${name}`), level };
}

export interface Happening {
  readonly name: keyof typeof happenings;
  readonly text: string;
  readonly thread?: number;
}

export function announce(log: PoolLog, { name, text, thread }: Happening, message: object): void {
  const happening = happenings[name];
  log.tell(happening.level, name, text, thread);
  if (happening.channel.hasSubscribers) happening.channel.publish(message);
}
