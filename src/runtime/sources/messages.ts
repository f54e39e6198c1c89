// What is posted to a MessagePort, or by a worker to the thread that started it. A port can't be made to wait: what comes while
// the source is full is submitted all the same, and the pool's own limit decides.

import type { MessageSource } from "../pool-options.ts";
import type { EventSource, SourceSink } from "./event-source.ts";

export function messages(port: MessageSource, sink: SourceSink): EventSource {
  const heard = (message: unknown): void => sink.submit(message);
  port.on("message", heard);
  return { close: () => void port.off("message", heard) };
}
