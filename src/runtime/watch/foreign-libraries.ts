// The libraries whose locks keep turns of one thread apart, and how each is watched: its classes are patched, its makers of
// lock functions wrapped, when the library is loaded. Their behaviour stays as it is; await-semaphore's promise settles one
// microtask later.

import type { KnownLibrary } from "../loader/known-libraries.ts";
import { ForeignLock, type Acquire } from "./foreign-lock.ts";
import type { Watch } from "./watch.ts";

type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
type Exports = Readonly<Record<string, unknown>>;
type Prototype = Record<string, AnyFunction>;

/** What a library exports, watched; called with the exports of each of its files. */
export type WrapLibrary = (library: KnownLibrary, exported: unknown) => unknown;

export function watchedLibraries(watch: Watch): WrapLibrary {
  const wrappers: Readonly<Record<KnownLibrary, (exported: unknown) => unknown>> = {
    "async-mutex": (exported) => patched(exported, "getValue", asyncMutex(watch)),
    "async-sema": (exported) => patched(exported, "nrWaiting", asyncSema(watch)),
    "await-semaphore": (exported) => patched(exported, "sched", awaitSemaphore(watch)),
    mutexify: (exported) => mutexify(watch, exported),
    "p-limit": (exported) => limitMaker(watch, exported),
  };
  return (library, exported) => wrappers[library](exported);
}

const done = new WeakSet<object>();

/** Patches the one class that has `method` of its own, under whatever name it is exported. */
function patched(exported: unknown, method: string, patch: (of: Prototype) => void): unknown {
  const candidates = typeof exported === "object" && exported !== null ? exported : {};
  for (const value of [exported, ...Object.values(candidates)]) {
    if (typeof value !== "function") continue;
    const prototype = value.prototype as Prototype | undefined;
    if (prototype === undefined || !Object.hasOwn(prototype, method) || done.has(prototype))
      continue;
    done.add(prototype);
    patch(prototype);
  }
  return exported;
}

/** One watched lock for each of the library's. */
function lockOf(watch: Watch, library: KnownLibrary): (of: object) => ForeignLock {
  const known = new WeakMap<object, ForeignLock>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before;
    const made = new ForeignLock(watch, library);
    known.set(of, made);
    return made;
  };
}

/** Its Mutex is a Semaphore of one; what it does goes through the Semaphore's acquire and release. */
function asyncMutex(watch: Watch): (of: Prototype) => void {
  const lock = lockOf(watch, "async-mutex");
  return (prototype) => {
    const { acquire, release, getValue } = prototype as Record<string, AnyFunction>;
    prototype["acquire"] = function (this: object, ...args): unknown {
      const weight = typeof args[0] === "number" ? args[0] : 1;
      const isFree = Number(getValue?.call(this)) >= weight;
      const wanted = lock(this).want(["acquire", "runExclusive"], isFree);
      return settling(lock(this), wanted, acquire?.apply(this, args));
    } as AnyFunction;
    prototype["release"] = function (this: object, ...args): unknown {
      lock(this).releasedOne();
      return release?.apply(this, args);
    } as AnyFunction;
  };
}

function asyncSema(watch: Watch): (of: Prototype) => void {
  const lock = lockOf(watch, "async-sema");
  return (prototype) => {
    const { acquire, release, tryAcquire } = prototype as Record<string, AnyFunction>;
    // acquire tries first: that try is no acquire of its own.
    let within = false;
    prototype["acquire"] = function (this: { readonly nrTokens: number }, ...args): unknown {
      const wanted = lock(this).want(["acquire"], lock(this).inUse < this.nrTokens);
      within = true;
      try {
        return settling(lock(this), wanted, acquire?.apply(this, args));
      } finally {
        within = false;
      }
    } as AnyFunction;
    prototype["tryAcquire"] = function (this: object, ...args): unknown {
      const token = tryAcquire?.apply(this, args);
      if (!within && token !== undefined) lock(this).granted(lock(this).want(["tryAcquire"], true));
      return token;
    } as AnyFunction;
    prototype["release"] = function (this: object, ...args): unknown {
      lock(this).releasedOne();
      return release?.apply(this, args);
    } as AnyFunction;
  };
}

function awaitSemaphore(watch: Watch): (of: Prototype) => void {
  const lock = lockOf(watch, "await-semaphore");
  return (prototype) => {
    const { acquire } = prototype as Record<string, AnyFunction>;
    prototype["acquire"] = async function (this: SemaphoreFields, ...args): Promise<unknown> {
      const isFree = this.count > this.tasks.length;
      const wanted = lock(this).want(["acquire", "use"], isFree);
      const release = (await acquire?.apply(this, args)) as () => void;
      lock(this).granted(wanted);
      return () => {
        lock(this).released(wanted);
        release();
      };
    } as AnyFunction;
  };
}

interface SemaphoreFields {
  readonly count: number;
  readonly tasks: readonly unknown[];
}

/** Its promise flavour is made of the callback one, which is loaded from beside it. */
function mutexify(watch: Watch, exported: unknown): unknown {
  if (typeof exported !== "function" || exported.name === "mutexifyPromise") return exported;
  return (): unknown => {
    const original = exported() as AnyFunction & { readonly locked: boolean };
    const lock = new ForeignLock(watch, "mutexify");
    const acquire = (body: AnyFunction): unknown => {
      const wanted = lock.want(mutexifyNames, !original.locked);
      return original((release: AnyFunction) => {
        lock.granted(wanted);
        body((...args: unknown[]) => {
          lock.released(wanted);
          return release(...args);
        });
      });
    };
    return Object.defineProperty(acquire, "locked", {
      get: () => original.locked,
      enumerable: true,
    });
  };
}

/** Lock functions are marked under the person's own names for them. */
const mutexifyNames = ["*"];

function limitMaker(watch: Watch, exported: unknown): unknown {
  if (typeof exported === "function") return wrapLimit(watch, exported as AnyFunction);
  const { default: made, ...others } = exported as Exports;
  if (typeof made !== "function") return exported;
  return { ...others, default: wrapLimit(watch, made as AnyFunction) };
}

interface Limit {
  (body: AnyFunction, ...args: unknown[]): Promise<unknown>;
  readonly activeCount: number;
  readonly pendingCount: number;
}

function wrapLimit(watch: Watch, make: AnyFunction): AnyFunction {
  return (options: unknown, ...more: unknown[]) => {
    const original = make(options, ...more) as Limit;
    const lock = new ForeignLock(watch, "p-limit");
    const allowed = (): number => concurrencyOf(original, options);
    const limit = (body: AnyFunction, ...args: unknown[]): Promise<unknown> => {
      const isFree = original.activeCount + original.pendingCount < allowed();
      const wanted = lock.want(["*"], isFree);
      return original(
        async (...given: unknown[]) => {
          lock.granted(wanted);
          try {
            return await body(...given);
          } finally {
            lock.released(wanted);
          }
        },
        ...args,
      );
    };
    const { name: _name, length: _length, ...own } = Object.getOwnPropertyDescriptors(original);
    return Object.defineProperties(limit, own as PropertyDescriptorMap);
  };
}

function concurrencyOf(limit: object, options: unknown): number {
  if ("concurrency" in limit) return Number(limit.concurrency);
  if (typeof options === "number") return options;
  return (options as { readonly concurrency: number }).concurrency;
}

function settling(lock: ForeignLock, wanted: Acquire, result: unknown): unknown {
  (result as Promise<unknown>).then(
    () => lock.granted(wanted),
    () => lock.gaveUp(wanted),
  );
  return result;
}
