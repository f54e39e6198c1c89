// The libraries whose locks keep turns of one thread apart, and how each is watched: its classes are patched, its makers of
// lock functions wrapped, when the library is loaded. Their behaviour stays as it is; await-semaphore's promise settles one
// microtask later.

import type { KnownLibrary } from "../loader/known-libraries.ts";
import { ForeignLock, type Acquire } from "./foreign-lock.ts";
import { attempt, replaceTogether, type AnyFunction, type WhyLeft } from "./replace-function.ts";
import type { Watch } from "./watch.ts";

type Exports = Readonly<Record<string, unknown>>;
type Patch = (prototype: object) => WhyLeft | undefined;

/** What a library exports, watched; called with the exports of each of its files. */
export type WrapLibrary = (library: KnownLibrary, exported: unknown) => unknown;

export function watchedLibraries(watch: Watch): WrapLibrary {
  const patch = (library: KnownLibrary, exported: unknown, method: string, by: Patch): unknown => {
    for (const prototype of classesWith(exported, method)) {
      watch.tellUnseen("locks", library, by(prototype));
    }
    return exported;
  };
  const wrappers: Readonly<Record<KnownLibrary, (exported: unknown) => unknown>> = {
    "async-mutex": (exported) => patch("async-mutex", exported, "getValue", asyncMutex(watch)),
    "async-sema": (exported) => patch("async-sema", exported, "nrWaiting", asyncSema(watch)),
    "await-semaphore": (exported) =>
      patch("await-semaphore", exported, "sched", awaitSemaphore(watch)),
    mutexify: (exported) => mutexify(watch, exported),
    "p-limit": (exported) => limitMaker(watch, exported),
  };
  return (library, exported) => {
    let wrapped = exported;
    const why = attempt(() => {
      wrapped = wrappers[library](exported);
    });
    watch.tellUnseen("locks", library, why);
    return wrapped;
  };
}

const done = new WeakSet<object>();

/** Of the class that has `method` of its own, under whatever name it is exported; each is given once. */
function classesWith(exported: unknown, method: string): object[] {
  const candidates = typeof exported === "object" && exported !== null ? exported : {};
  return [exported, ...Object.values(candidates)].flatMap((value) => {
    if (typeof value !== "function") return [];
    const prototype: unknown = value.prototype;
    if (typeof prototype !== "object" || prototype === null) return [];
    if (!Object.hasOwn(prototype, method) || done.has(prototype)) return [];
    done.add(prototype);
    return [prototype];
  });
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
function asyncMutex(watch: Watch): Patch {
  const lock = lockOf(watch, "async-mutex");
  return (prototype) =>
    replaceTogether(prototype, {
      acquire: (acquire) =>
        function (this: { getValue(): unknown }, ...args: unknown[]): unknown {
          const weight = typeof args[0] === "number" ? args[0] : 1;
          const isFree = Number(this.getValue()) >= weight;
          const wanted = lock(this).want(["acquire", "runExclusive"], isFree);
          return settling(lock(this), wanted, acquire.apply(this, args));
        } as AnyFunction,
      release: (release) => releasing(lock, release),
    });
}

function asyncSema(watch: Watch): Patch {
  const lock = lockOf(watch, "async-sema");
  // acquire tries first: that try is no acquire of its own.
  let within = false;
  return (prototype) =>
    replaceTogether(prototype, {
      acquire: (acquire) =>
        function (this: { readonly nrTokens: number }, ...args: unknown[]): unknown {
          const wanted = lock(this).want(["acquire"], lock(this).inUse < this.nrTokens);
          within = true;
          try {
            return settling(lock(this), wanted, acquire.apply(this, args));
          } finally {
            within = false;
          }
        } as AnyFunction,
      tryAcquire: (tryAcquire) =>
        function (this: object, ...args: unknown[]): unknown {
          const token = tryAcquire.apply(this, args);
          if (!within && token !== undefined) {
            lock(this).granted(lock(this).want(["tryAcquire"], true));
          }
          return token;
        } as AnyFunction,
      release: (release) => releasing(lock, release),
    });
}

function releasing(lock: (of: object) => ForeignLock, release: AnyFunction): AnyFunction {
  return function (this: object, ...args: unknown[]): unknown {
    lock(this).releasedOne();
    return release.apply(this, args);
  } as AnyFunction;
}

function awaitSemaphore(watch: Watch): Patch {
  const lock = lockOf(watch, "await-semaphore");
  return (prototype) =>
    replaceTogether(prototype, {
      acquire: (acquire) =>
        async function (this: SemaphoreFields, ...args: unknown[]): Promise<unknown> {
          const isFree = this.count > this.tasks.length;
          const wanted = lock(this).want(["acquire", "use"], isFree);
          const release = (await acquire.apply(this, args)) as () => void;
          lock(this).granted(wanted);
          return () => {
            lock(this).released(wanted);
            release();
          };
        } as AnyFunction,
    });
}

interface SemaphoreFields {
  readonly count: number;
  readonly tasks: readonly unknown[];
}

/** Its promise flavour is made of the callback one, which is loaded from beside it. */
function mutexify(watch: Watch, exported: unknown): unknown {
  if (typeof exported !== "function" || exported.name === "mutexifyPromise") return exported;
  return (): unknown => {
    const made: unknown = exported();
    if (typeof made !== "function") return made;
    const original = made as AnyFunction & { readonly locked: boolean };
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
    const made = make(options, ...more);
    if (typeof made !== "function") return made;
    const original = made as Limit;
    const lock = new ForeignLock(watch, "p-limit");
    const allowed = (): number => concurrencyOf(original, options);
    const limit = (body: AnyFunction, ...args: unknown[]): Promise<unknown> => {
      // A version that does not say how many it allows is taken to be free.
      const isFree = !(original.activeCount + original.pendingCount >= allowed());
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
  return Number((options as { readonly concurrency?: number } | undefined)?.concurrency);
}

function settling(lock: ForeignLock, wanted: Acquire, result: unknown): unknown {
  if (result instanceof Promise) {
    result.then(
      () => lock.granted(wanted),
      () => lock.gaveUp(wanted),
    );
  } else lock.granted(wanted);
  return result;
}
