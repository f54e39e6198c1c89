// What a pool thread tells its supervisor, passed on to whom it concerns.

import { toError } from "../payload/error-transfer.ts";
import type { LoadProblem } from "../loader/load-problem.ts";
import type { PoolCore } from "../pool-core.ts";
import { threadRow, type Seat } from "./pool-seat.ts";
import type { FromThread } from "../thread/thread-messages.ts";

export interface ThreadListener {
  loaded(handlers: readonly string[]): void;
  joined(): void;
  leaves(): void;
  /** It can't load the handlers. */
  refused(error: Error): void;
  /** An event that it had submitted, and whose handler runs. */
  cancelled(slot: number): void;
  exited(code: number): void;
}

export function hearThread(seat: Seat, core: PoolCore, listener: ThreadListener): void {
  seat.worker.on("message", (message: FromThread) => {
    // What it printed before it told this is shown before.
    seat.output.drain();
    hear(seat, core, listener, message);
  });
  // See keep-alive.ts. To hear its messages has made Node wait for it, so this comes after.
  seat.worker.unref();
  seat.worker.on("exit", (code) => {
    seat.output.end();
    listener.exited(code);
  });
}

function hear(seat: Seat, core: PoolCore, listener: ThreadListener, message: FromThread): void {
  const { observer, strings, sites } = core;
  const thread = `thread ${seat.index}`;
  switch (message.kind) {
    case "loaded":
      seat.loaded = true;
      seat.osThreadId = message.osThreadId;
      observer.thread(threadRow(seat, core.options.level));
      return listener.loaded(message.handlers);
    case "joined":
      seat.joined = true;
      return listener.joined();
    case "leaves":
      return listener.leaves();
    case "refused":
      return listener.refused(refusal(message.problem));
    case "setup-failed":
      return listener.refused(
        toError({ ...message.error, message: `setup failed: ${message.error.message}` }),
      );
    case "failure": {
      const { name, message: text, stack } = message.error;
      const { event, type } = message;
      return observer.failure({ event, type, thread, name, message: text, stack });
    }
    case "string":
      return strings.add(message.id, message.text);
    case "site":
      return sites.add(message.id, message.row);
    case "lock":
      return observer.locks([message.row]);
    case "cancelled":
      return listener.cancelled(message.slot);
    case "unseen":
      return observer.unseen(message.row);
    case "log":
      return observer.output({ thread, stream: "stdout", text: message.text });
    case "warning":
      return observer.warning(`${thread}: ${message.text}`);
  }
}

/** The problem goes with it, so that whoever shows it can name file and line. */
function refusal(problem: LoadProblem): Error {
  return Object.assign(new Error(problem.message), { problem });
}
