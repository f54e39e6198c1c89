// On the main thread: a thread's output, line by line, in the order in which it was written. Heard as it comes, and taken at once where
// something else of the thread is told, at its exit, and at the process's.

import { StringDecoder } from "node:string_decoder";
import { MessageChannel, receiveMessageOnPort, type MessagePort } from "node:worker_threads";
import { LineSplitter } from "../../base/line-splitter.ts";
import { step } from "../../sync/step.ts";
import { waits } from "../../sync/waits.ts";
import { sizeOf, type OutputSeat, type Stream, type Written } from "./thread-output.ts";

/** Those whose threads have not ended: they are asked once more when the process exits. */
const open = new Set<OutputLines>();

function takeAll(): void {
  for (const output of open) output.end();
}

export class OutputLines {
  /** For the thread's workerData. */
  readonly seat: OutputSeat;
  readonly #port: MessagePort;
  readonly #words: Int32Array;
  readonly #texts: Readonly<Record<Stream, Text>>;

  constructor(each: (stream: Stream, line: string) => void) {
    const { port1, port2 } = new MessageChannel();
    const inFlight = new SharedArrayBuffer(4);
    this.seat = { port: port2, inFlight };
    this.#port = port1;
    this.#words = new Int32Array(inFlight);
    this.#texts = {
      stdout: new Text((line) => each("stdout", line)),
      stderr: new Text((line) => each("stderr", line)),
    };
    port1.on("message", (written: Written) => this.#take(written));
    // The pool keeps the process alive while it has something to do, not what a thread might print.
    port1.unref();
    if (open.size === 0) process.on("exit", takeAll);
    open.add(this);
  }

  /** What has been written by now. */
  drain(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#port);
      if (received === undefined) return;
      this.#take(received.message as Written);
    }
  }

  /** Nothing more comes: also a last line without its end is told. */
  end(): void {
    if (!open.delete(this)) return;
    this.drain();
    this.#texts.stdout.end();
    this.#texts.stderr.end();
    this.#port.close();
    if (open.size === 0) process.off("exit", takeAll);
  }

  #take({ stream, chunk }: Written): void {
    step("add", "output", 0);
    // Pairs with the wait in thread-output.ts.
    Atomics.sub(this.#words, 0, sizeOf(chunk));
    step("notify", "output", 0);
    waits.notify(this.#words, 0, 1);
    this.#texts[stream].push(chunk);
  }
}

/** A line that goes on after so long is told as two: its thread may hang, and the process be killed before it has its end. */
const unfinishedMillis = 2000;

class Text {
  readonly #decoder = new StringDecoder("utf8");
  readonly #splitter: LineSplitter;
  #unfinished: NodeJS.Timeout | undefined;

  constructor(each: (line: string) => void) {
    this.#splitter = new LineSplitter(each);
  }

  push(chunk: string | Uint8Array): void {
    clearTimeout(this.#unfinished);
    const text = typeof chunk === "string" ? chunk : this.#decoder.write(chunk);
    this.#splitter.push(text);
    if (text.endsWith("\n")) return;
    this.#unfinished = setTimeout(() => this.#splitter.end(), unfinishedMillis).unref();
  }

  end(): void {
    clearTimeout(this.#unfinished);
    this.#splitter.push(this.#decoder.end());
    this.#splitter.end();
  }
}
