// The trace file of a running session: chunks are appended as they come. Written synchronously: each chunk is in the file
// before the next is read, so a slow disk slows the pipe, not memory.
//
// Nothing that this run did not make is written on, replaced or removed. The one exception is a trace that a person lets go with
// --force: the new one is written beside it and takes its place once it is whole.

import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  renameSync,
  rmSync,
  writeSync,
  type Stats,
} from "node:fs";
import { dirname } from "node:path";
import type { RunProblem } from "../protocol/run-messages.ts";
import { codeOf, fileProblem } from "./file-problem.ts";
import {
  isStillAt,
  makeFolder,
  moveToNew,
  moveToUnused,
  openNew,
  openUnused,
  type OpenedFile,
} from "./new-file.ts";
import { isUnchanged, lookAt } from "./replaceable-trace.ts";
import type { SealedEnd } from "./trust/trace-seal.ts";

/** What is done when something lies at the path already: `rename` takes the next name that is free. */
export type IfTaken = "refuse" | "replace" | "rename";

export type CreatedFile =
  | { readonly kind: "created"; readonly file: TraceFile }
  | { readonly kind: "refused"; readonly problem: RunProblem };

/** Where a trace lies in the end, and what went wrong on its way there. */
export interface PlacedTrace {
  readonly path: string;
  readonly problem?: string;
}

interface Replaced {
  readonly path: string;
  readonly seen: Stats;
}

const extension = ".pooltrace";

export class TraceFile {
  /** Where it is written; its end may be elsewhere. */
  readonly path: string;
  readonly #descriptor: number;
  readonly #replaces: Replaced | undefined;
  #bytes = 0;
  #failed: string | undefined;

  private constructor({ path, descriptor }: OpenedFile, replaces?: Replaced) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#replaces = replaces;
  }

  static create(path: string, ifTaken: IfTaken = "refuse"): CreatedFile {
    try {
      makeFolder(dirname(path));
      if (ifTaken === "rename") return created(new TraceFile(openUnused(stemOf(path), extension)));
    } catch (error) {
      return refused(path, `${fileProblem(error)}.`);
    }
    const found = ifTaken === "replace" ? lookAt(path) : { kind: "nothing" as const };
    switch (found.kind) {
      case "nothing":
        return TraceFile.#open(
          path,
          undefined,
          "there is something already, and nothing is overwritten.",
        );
      case "kept":
        return refused(path, `it ${found.why}.`);
      case "trace": {
        const part = `${stemOf(path)}.part${extension}`;
        const why = `another run writes ${part}, or one was killed while it did.`;
        return TraceFile.#open(part, { path, seen: found.seen }, why);
      }
    }
  }

  static #open(path: string, replaces: Replaced | undefined, ifTaken: string): CreatedFile {
    try {
      return created(new TraceFile(openNew(path), replaces));
    } catch (error) {
      return refused(path, codeOf(error) === "EEXIST" ? ifTaken : `${fileProblem(error)}.`);
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
      this.#failed = `the trace could not be written on: ${fileProblem(error)}`;
    }
    return this.#failed;
  }

  /** Once nothing more is appended. A chunk that was cut goes: it is none, and would hide the seal. */
  seal({ wholeBytes, chunk }: SealedEnd): string | undefined {
    if (this.#failed !== undefined) return undefined;
    try {
      ftruncateSync(this.#descriptor, wholeBytes);
      for (let written = 0; written < chunk.length;) {
        const at = wholeBytes + written;
        written += writeSync(this.#descriptor, chunk, written, chunk.length - written, at);
      }
      return undefined;
    } catch (error) {
      return `The trace could not be sealed: ${fileProblem(error)}.`;
    }
  }

  get failed(): string | undefined {
    return this.#failed;
  }

  /** Of a run that is over: a trace that it replaces is there until this one is whole and on the disk. */
  finish(): PlacedTrace {
    try {
      if (this.#replaces === undefined) return this.#leave();
      fsyncSync(this.#descriptor);
      closeSync(this.#descriptor);
      return this.#replace(this.#replaces);
    } catch (error) {
      return { path: this.path, problem: `the trace could not be ended: ${fileProblem(error)}` };
    }
  }

  /** Of a run that was cut: what it would have replaced stays, and this one lies beside it. */
  finishCut(): PlacedTrace {
    try {
      if (this.#replaces === undefined) return this.#leave();
      closeSync(this.#descriptor);
      return { path: moveToUnused(this.path, `${stemOf(this.#replaces.path)}-cut`, extension) };
    } catch (error) {
      return { path: this.path, problem: `the trace could not be ended: ${fileProblem(error)}` };
    }
  }

  /** Of a run that never began. What came to lie at its path meanwhile is not ours. */
  discard(): void {
    const isOurs = isStillAt(this.path, this.#descriptor);
    closeSync(this.#descriptor);
    if (isOurs) rmSync(this.path, { force: true });
  }

  #leave(): PlacedTrace {
    const { path } = this;
    const isThere = isStillAt(path, this.#descriptor);
    closeSync(this.#descriptor);
    if (isThere) return { path };
    return { path, problem: `${path} was moved, replaced or removed while the run wrote it` };
  }

  #replace({ path, seen }: Replaced): PlacedTrace {
    if (isUnchanged(path, seen)) {
      renameSync(this.path, path);
      return { path };
    }
    try {
      // What was there is gone: the name is free, or another's by now.
      moveToNew(this.path, path);
      return { path };
    } catch (error) {
      const kept = moveToUnused(this.path, stemOf(path), extension);
      const why = `${path} was written by another while the run went`;
      return codeOf(error) === "EEXIST"
        ? { path: kept, problem: `${why}, so that this trace is ${kept}` }
        : { path: kept, problem: `the trace is ${kept}: ${fileProblem(error)}` };
    }
  }
}

function stemOf(path: string): string {
  return path.endsWith(extension) ? path.slice(0, -extension.length) : path;
}

function created(file: TraceFile): CreatedFile {
  return { kind: "created", file };
}

function refused(file: string, why: string): CreatedFile {
  const message = `The trace can't be written: ${why}`;
  const advice = "Give another place with --out, or --force to replace a trace.";
  return { kind: "refused", problem: { message, file, advice } };
}
