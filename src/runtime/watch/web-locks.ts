// navigator.locks, where Node has it: locks by name that all threads of the process share. Who holds one is known from the
// requests that were granted in the pool's threads; another process's are not seen.

import { codes } from "../../recorder/codes.ts";
import { waitOutcomes } from "../../trace/outcome.ts";
import { hot } from "../memory/memory-fields.ts";
import { attempt, replaceFunction, type AnyFunction } from "./replace-function.ts";
import { keyOfText, sharedIdField, type SharedId } from "./shared-ids.ts";
import type { Watch } from "./watch.ts";

type Callback = (lock: unknown) => unknown;

interface LockManager {
  request(name: string, ...rest: unknown[]): Promise<unknown>;
}

const methods = ["request"];
const acquired = waitOutcomes.indexOf("acquired");
const cancelled = waitOutcomes.indexOf("cancelled");

export function watchWebLocks(watch: Watch): void {
  if (!watch.recorder.locks) return;
  let prototype: object | undefined;
  const whyNone = attempt(() => {
    const { navigator } = globalThis as { readonly navigator?: { readonly locks?: object } };
    const locks = navigator?.locks;
    prototype = locks === undefined ? undefined : (Object.getPrototypeOf(locks) as object);
  });
  watch.tellUnseen("locks", "navigator.locks", whyNone);
  if (prototype === undefined) return;
  const web = new WebLocks(watch);
  const why = replaceFunction(prototype, "request", (original) => {
    const request = original as LockManager["request"];
    return function (this: LockManager, name: string, ...rest: unknown[]): Promise<unknown> {
      const body = rest.at(-1);
      if (typeof body !== "function" || watch.currentTurn() === 0) {
        return request.call(this, name, ...rest);
      }
      return web.request(name, body as Callback, (watched) =>
        request.call(this, name, ...rest.slice(0, -1), watched),
      );
    } as AnyFunction;
  });
  watch.tellUnseen("locks", "navigator.locks", why);
}

class WebLocks {
  readonly #watch: Watch;
  readonly #known = new Map<string, { readonly lock: number; readonly at: number }>();

  constructor(watch: Watch) {
    this.#watch = watch;
  }

  async request(
    name: string,
    body: Callback,
    ask: (body: Callback) => Promise<unknown>,
  ): Promise<unknown> {
    const { sites, recorder, ids } = this.#watch;
    const marked = sites.marked(methods);
    const known = this.#lock(name);
    if (known === undefined) return ask(body);
    const { lock, at } = known;
    const turn = this.#watch.currentTurn();
    const waits = Atomics.load(ids.words, at + sharedIdField.inUse) > 0;
    const site = marked === 0 && waits ? sites.captured() : marked;
    const owner = ids.words[at + sharedIdField.thread] ?? 0;
    const waitedFor = Atomics.load(ids.words, at + sharedIdField.count);
    if (waits) recorder.record(codes.lockWaitStarted, turn, 1, lock, site, owner, waitedFor);
    let isOver = !waits;
    const endWait = (outcome: number): void => {
      if (isOver) return;
      isOver = true;
      recorder.record(codes.lockWaitEnded, turn, outcome, lock, site, owner, waitedFor);
    };
    try {
      return await ask((granted) => {
        endWait(granted === null ? cancelled : acquired);
        return granted === null ? body(granted) : this.#hold(known, turn, site, body, granted);
      });
    } finally {
      // Aborted before it was granted.
      endWait(cancelled);
    }
  }

  async #hold(
    { lock, at }: { readonly lock: number; readonly at: number },
    turn: number,
    site: number,
    body: Callback,
    granted: unknown,
  ): Promise<unknown> {
    const { recorder, ids, now, thread } = this.#watch;
    ids.words[at + sharedIdField.thread] = thread + 1;
    const acquisition = Atomics.add(ids.words, at + sharedIdField.count, 1) + 1;
    // Publishes the holder: pairs with the load in request.
    Atomics.add(ids.words, at + sharedIdField.inUse, 1);
    const since = now();
    try {
      return await body(granted);
    } finally {
      Atomics.sub(ids.words, at + sharedIdField.inUse, 1);
      const until = now();
      recorder.recordAt(since, codes.lockAcquired, turn, 0, lock, site, 0, acquisition);
      recorder.recordAt(until, codes.lockReleased, turn, 0, lock, site, 0, acquisition);
    }
  }

  #lock(name: string): { readonly lock: number; readonly at: number } | undefined {
    const before = this.#known.get(name);
    if (before !== undefined) return before;
    const { ids } = this.#watch;
    const id: SharedId | undefined = ids.claim(
      keyOfText(`navigator.locks ${name}`),
      hot.nextForeignLock,
    );
    if (id === undefined) return undefined;
    const lock = id.isNew
      ? this.#watch.nameLock(id.number, `navigator.locks "${name}"`)
      : this.#watch.lockOf(id.number);
    const made = { lock, at: id.at };
    this.#known.set(name, made);
    return made;
  }
}
