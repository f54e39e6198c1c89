// Synchronous calls that keep a thread: of the file system, child processes, compression and key derivation. They are
// wrapped before the handlers are loaded, at level "all". Short ones are no event: two looks at the clock are all they pay.

import childProcess from "node:child_process";
import crypto from "node:crypto";
import fs from "node:fs";
import Module from "node:module";
import zlib from "node:zlib";
import { codes } from "../../recorder/codes.ts";
import { attempt, replaceFunction, type AnyFunction } from "./replace-function.ts";
import type { Watch } from "./watch.ts";

/** A call that took less is not told: it costs little, and telling it would cost as much. */
const leastNanos = 20_000n;

type Names = readonly [string];

export interface WatchedModule {
  readonly name: string;
  readonly functions: object;
  /** Its calls' starts are recorded before them, so that a run which is cut in one still shows it. */
  readonly mayHang: boolean;
}

const watchedModules: readonly WatchedModule[] = [
  { name: "fs", functions: fs, mayHang: false },
  { name: "zlib", functions: zlib, mayHang: false },
  { name: "crypto", functions: crypto, mayHang: false },
  { name: "child_process", functions: childProcess, mayHang: true },
];

export function watchBlockingCalls(
  watch: Watch,
  modules: readonly WatchedModule[] = watchedModules,
): void {
  if (!watch.recorder.all) return;
  const calls = new BlockingCalls(watch);
  for (const { name: of, functions, mayHang } of modules) {
    let names: readonly string[] = [];
    const whyNone = attempt(() => {
      names = synchronous(functions);
    });
    watch.tellUnseen("synchronous calls", of, whyNone);
    for (const name of names) {
      const why = replaceFunction(functions, name, (call) => calls.wrap(name, call, mayHang));
      // What only has such a name keeps no thread.
      if (why !== "it is no function") watch.tellUnseen(name, of, why);
    }
  }
  const whyNot = attempt(() => Module.syncBuiltinESMExports());
  watch.tellUnseen("calls of functions imported by name", "", whyNot);
}

/** By Node's own naming; crypto.sign and the like have no such name, and are plain computing. */
function synchronous(functions: object): string[] {
  return Object.keys(functions).filter((name) => name.endsWith("Sync"));
}

class BlockingCalls {
  readonly #watch: Watch;
  /** readFileSync calls openSync: only the outermost is the person's. */
  #within = false;

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  /** But for being called it is the original: its properties (fs.realpathSync.native), its name, and `new` if it is a class. */
  wrap(name: string, original: AnyFunction, mayHang: boolean): AnyFunction {
    const names: Names = [name];
    return new Proxy(original, {
      apply: (call, self: unknown, args: unknown[]) => {
        if (this.#within || this.#watch.currentTurn() === 0) return Reflect.apply(call, self, args);
        return mayHang ? this.#told(names, call, self, args) : this.#timed(names, call, self, args);
      },
    });
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
