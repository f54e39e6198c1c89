// The trace file of a running session: chunks are appended as they come. Written synchronously: each chunk is in the file
// before the next is read, so a slow disk slows the pipe, not memory.

import { closeSync, mkdirSync, openSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { RunProblem } from "../protocol/run-messages.ts";

export type CreatedFile =
  | { readonly kind: "created"; readonly file: TraceFile }
  | { readonly kind: "refused"; readonly problem: RunProblem };

export class TraceFile {
  readonly #path: string;
  readonly #descriptor: number;
  #bytes = 0;
  #failed: string | undefined;

  private constructor(path: string, descriptor: number) {
    this.#path = path;
    this.#descriptor = descriptor;
  }

  static create(path: string): CreatedFile {
    try {
      mkdirSync(dirname(path), { recursive: true });
      return { kind: "created", file: new TraceFile(path, openSync(path, "w")) };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return {
        kind: "refused",
        problem: {
          message: `The trace can't be written: ${why}.`,
          file: path,
          advice: "Give another place with --out.",
        },
      };
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** What went wrong, if anything has by now. After a failure nothing more is written. */
  append(bytes: Uint8Array): string | undefined {
    if (this.#failed !== undefined) return this.#failed;
    try {
      for (let written = 0; written < bytes.length;) {
        written += writeSync(this.#descriptor, bytes, written);
      }
      this.#bytes += bytes.length;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#failed = `the trace could not be written on: ${why}`;
    }
    return this.#failed;
  }

  close(): string | undefined {
    closeSync(this.#descriptor);
    return this.#failed;
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}
