// Hears of a signal's abort for everybody in this thread who waits for it: events of all pools. A signal has one listener however
// many events were submitted with it (Node warns of a leak at eleven), and none once the last of them has its outcome.

const listeners = new WeakMap<AbortSignal, SharedListener>();

/** Calls `heard` once, at the abort, unless the returned function is called before. The signal must not be aborted yet. */
export function hearAbort(signal: AbortSignal, heard: () => void): () => void {
  let shared = listeners.get(signal);
  if (shared === undefined) {
    shared = new SharedListener(signal);
    listeners.set(signal, shared);
  }
  return shared.add(heard);
}

class SharedListener {
  readonly #signal: AbortSignal;
  readonly #waiting = new Set<() => void>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener("abort", this.#aborted);
  }

  add(heard: () => void): () => void {
    // Each caller's own: the same function may be given twice.
    const each = (): void => heard();
    this.#waiting.add(each);
    return () => {
      if (this.#waiting.delete(each) && this.#waiting.size === 0) this.#stop();
    };
  }

  readonly #aborted = (): void => {
    const all = [...this.#waiting];
    this.#waiting.clear();
    this.#stop();
    for (const heard of all) heard();
  };

  #stop(): void {
    this.#signal.removeEventListener("abort", this.#aborted);
    listeners.delete(this.#signal);
  }
}

/**
 * A signal of another library does: it need have no more than an EventTarget's two methods, `aborted` and `reason`. Throws a TypeError
 * for what could never tell of its abort.
 */
export function checkSignal(signal: unknown): AbortSignal | undefined {
  if (signal === undefined) return undefined;
  const { addEventListener, removeEventListener } = Object(signal) as Partial<AbortSignal>;
  if (typeof addEventListener === "function" && typeof removeEventListener === "function") {
    return signal as AbortSignal;
  }
  const given = signal === null ? "null" : typeof signal;
  throw new TypeError(`An event's signal is an AbortSignal, not ${given} without its methods.`);
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw abortReason(signal);
}

/** What the caller is rejected with: the signal's reason, whatever it is. */
export function abortReason(signal: AbortSignal): unknown {
  if ("reason" in signal) return signal.reason;
  return new DOMException("This operation was aborted", "AbortError");
}
