// Synchronous calls that keep a thread: of the file system, child processes, compression and key derivation. They are
// wrapped before the handlers are loaded, at level "all". Short ones are no event: two looks at the clock are all they pay.

import childProcess from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import zlib from "node:zlib";
import { codes } from "../../recorder/codes.ts";
import type { Watch } from "./watch.ts";

/** A call that took less is not told: it costs little, and telling it would cost as much. */
const leastNanos = 20_000n;

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Functions = Record<string, unknown>;
type Names = readonly [string];

export function watchBlockingCalls(watch: Watch): void {
  if (!watch.recorder.all) return;
  const calls = new BlockingCalls(watch);
  for (const module of [fs, zlib, crypto] as unknown as Functions[]) {
    for (const name of synchronous(module)) module[name] = calls.wrap(name, module[name], false);
  }
  const processes = childProcess as unknown as Functions;
  for (const name of synchronous(processes)) {
    processes[name] = calls.wrap(name, processes[name], true);
  }
  syncBuiltinESMExports();
}

/** By Node's own naming; crypto.sign and the like have no such name, and are plain computing. */
function synchronous(module: Functions): string[] {
  return Object.keys(module).filter(
    (name) => name.endsWith("Sync") && typeof module[name] === "function",
  );
}

class BlockingCalls {
  readonly #watch: Watch;
  /** readFileSync calls openSync: only the outermost is the person's. */
  #within = false;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** `mayHang`: its start is recorded before it, so that a run which is cut in it still shows it. */
  wrap(name: string, value: unknown, mayHang: boolean): AnyFunction {
    const original = value as AnyFunction;
    const names: Names = [name];
    const call = mayHang
      ? (self: unknown, args: unknown[]): unknown => this.#told(names, original, self, args)
      : (self: unknown, args: unknown[]): unknown => this.#timed(names, original, self, args);
    const isOutside = (): boolean => this.#within || this.#watch.currentTurn() === 0;
    const wrapped = {
      [name](this: unknown, ...args: unknown[]): unknown {
        return isOutside() ? Reflect.apply(original, this, args) : call(this, args);
      },
    }[name] as AnyFunction;
    // fs.realpathSync.native, and the length that callers may look at.
    Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original));
    return wrapped;
  }

  #timed(names: Names, original: AnyFunction, self: unknown, args: unknown[]): unknown {
    const { now, recorder, sites } = this.#watch;
    const marked = sites.marked(names);
    this.#within = true;
    const start = now();
    try {
      return Reflect.apply(original, self, args);
    } finally {
      const end = now();
      this.#within = false;
      if (end - start >= leastNanos) {
        const site = marked === 0 ? sites.captured() : marked;
        const turn = this.#watch.currentTurn();
        const text = this.#watch.internString(names[0]);
        recorder.recordAt(start, codes.blockingCallStarted, turn, 0, text, site, 0, 0);
        recorder.recordAt(end, codes.blockingCallEnded, turn, 0, text, site, 0, 0);
      }
    }
  }

  #told(names: Names, original: AnyFunction, self: unknown, args: unknown[]): unknown {
    const { recorder, sites } = this.#watch;
    const turn = this.#watch.currentTurn();
    const marked = sites.marked(names);
    const site = marked === 0 ? sites.captured() : marked;
    const text = this.#watch.internString(names[0]);
    recorder.record(codes.blockingCallStarted, turn, 0, text, site, 0, 0);
    this.#within = true;
    try {
      return Reflect.apply(original, self, args);
    } finally {
      this.#within = false;
      recorder.record(codes.blockingCallEnded, turn, 0, text, site, 0, 0);
    }
  }
}
