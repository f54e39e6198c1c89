// In a thread: what it prints goes to the main thread the moment it is written, whatever the thread does next. Node's own way hands on
// one write, and the next ones when the thread's event loop turns: a thread that blocks, hangs or dies then takes its last lines with
// it, and they are what one needs to see.
//
// What is posted to a port is delivered though the thread never comes back: the main thread reads it also after the thread's exit.

import process from "node:process";
import type { MessagePort } from "node:worker_threads";
import { step } from "../../sync/step.ts";
import { waits } from "../../sync/waits.ts";

export const streams = ["stdout", "stderr"] as const;
export type Stream = (typeof streams)[number];

/** What a thread is given as part of its workerData; the port is to be transferred. */
export interface OutputSeat {
  readonly port: MessagePort;
  /** One word: bytes that were posted and not taken yet. */
  readonly inFlight: SharedArrayBuffer;
}

export interface Written {
  readonly stream: Stream;
  /** Bytes may end within a character. */
  readonly chunk: string | Uint8Array;
}

/** A thread that prints faster than the main thread takes it waits, as for a pipe that is full. */
const mostInFlight = 1024 * 1024;
/** Not for ever: the main thread may be waiting for this one. Nothing is dropped then, the memory grows. */
const longestWaitMillis = 100;

export function sizeOf(chunk: string | Uint8Array): number {
  return chunk.length;
}

/** To be called before anything of a person's runs in the thread. */
export function sendOutput({ port, inFlight }: OutputSeat): void {
  const words = new Int32Array(inFlight);
  for (const stream of streams) {
    const post = (chunk: string | Uint8Array): void => {
      const written: Written = { stream, chunk };
      port.postMessage(written);
      giveRoom(words, sizeOf(chunk));
    };
    // The stream stays the one that Node made, with its buffering, its events and its callbacks; only where it writes is another.
    Object.assign(process[stream], {
      _write: (chunk: string | Uint8Array, _encoding: string, done: () => void): void => {
        post(chunk);
        done();
      },
      _writev: (
        chunks: readonly { readonly chunk: string | Uint8Array }[],
        done: () => void,
      ): void => {
        for (const { chunk } of chunks) post(chunk);
        done();
      },
    });
  }
}

function giveRoom(words: Int32Array, bytes: number): void {
  step("add", "output", 0);
  // Pairs with the subtraction in output-lines.ts, which notifies: a wait for this word ends with the next chunk that is taken.
  const now = Atomics.add(words, 0, bytes) + bytes;
  if (now <= mostInFlight) return;
  step("wait", "output", 0);
  waits.wait(words, 0, now, longestWaitMillis);
}
