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
          const isFree = seemsFree(() => Number(this.getValue()) >= weight);
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
          const isFree = seemsFree(() => this.count > this.tasks.length);
          const wanted = lock(this).want(["acquire", "use"], isFree);
          const release = await acquire.apply(this, args);
          if (typeof release !== "function") {
            lock(this).gaveUp(wanted);
            return release;
          }
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
  return withCall(exported as AnyFunction, (make) => {
    const made = make();
    if (typeof made !== "function") return made;
    const lock = new ForeignLock(watch, "mutexify");
    return withCall(made as AnyFunction, (acquire, [body, ...others]) => {
      if (typeof body !== "function") return acquire(body, ...others);
      const isFree = seemsFree(() => (made as { readonly locked?: boolean }).locked !== true);
      const wanted = lock.want(mutexifyNames, isFree);
      return acquire(
        (release: AnyFunction) => {
          lock.granted(wanted);
          (body as AnyFunction)((...args: unknown[]) => {
            lock.released(wanted);
            return release(...args);
          });
        },
        ...others,
      );
    });
  });
}

/** Lock functions are marked under the person's own names for them. */
const mutexifyNames = ["*"];

function limitMaker(watch: Watch, exported: unknown): unknown {
  if (typeof exported === "function") return wrapLimit(watch, exported as AnyFunction);
  if (typeof exported !== "object" || exported === null) return exported;
  const { default: made, ...others } = exported as Exports;
  if (typeof made !== "function") return exported;
  return { ...others, default: wrapLimit(watch, made as AnyFunction) };
}

interface Limit {
  readonly activeCount: number;
  readonly pendingCount: number;
}

function wrapLimit(watch: Watch, maker: AnyFunction): AnyFunction {
  return withCall(maker, (make, options) => {
    const made = make(...options);
    if (typeof made !== "function") return made;
    const limit = made as AnyFunction & Limit;
    const lock = new ForeignLock(watch, "p-limit");
    return withCall(limit, (call, [body, ...args]) => {
      if (typeof body !== "function") return call(body, ...args);
      const isFree = seemsFree(
        () => limit.activeCount + limit.pendingCount < concurrencyOf(limit, options[0]),
      );
      const wanted = lock.want(["*"], isFree);
      return call(
        async (...given: unknown[]) => {
          lock.granted(wanted);
          try {
            return await (body as AnyFunction)(...given);
          } finally {
            lock.released(wanted);
          }
        },
        ...args,
      );
    });
  });
}

function concurrencyOf(limit: object, options: unknown): number {
  if ("concurrency" in limit) return Number(limit.concurrency);
  if (typeof options === "number") return options;
  return (options as { readonly concurrency: number }).concurrency;
}

/** But for being called it is the original: its properties, its name, and `new` where it is a class. */
function withCall(
  original: AnyFunction,
  call: (original: AnyFunction, args: readonly unknown[]) => unknown,
): AnyFunction {
  return new Proxy(original, {
    apply: (target, self: unknown, args: unknown[]) =>
      call((...given) => Reflect.apply(target, self, given), args),
  });
}

/** A version that does not say so is taken to be free: a wait that is not told is better than one that was none. */
function seemsFree(look: () => boolean): boolean {
  let isFree = true;
  attempt(() => {
    isFree = look();
  });
  return isFree;
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
