// Puts a function of ours in the place of one of Node or of a library; all that watches goes through here. Invariant: it
// never throws, and what can't be replaced stays as it was. A Node or a library that nobody has met yet may cost sight of
// something, which the trace then tells (unseen.ts), and never a handler.

export type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;
export type Wrap = (original: AnyFunction) => AnyFunction;

/** Why something is left alone, as a clause. */
export type WhyLeft =
  | "it is not there"
  | "it is no function"
  | "it is read through a getter"
  | "it may not be changed"
  | "it throws an error";

/** Undefined once `wrap`'s function stands in the place of the owner's. */
export function replaceFunction(owner: object, name: string, wrap: Wrap): WhyLeft | undefined {
  try {
    const property = Reflect.getOwnPropertyDescriptor(owner, name);
    if (property === undefined) return "it is not there";
    // What a getter gives may be another function each time, or load something.
    if (!("value" in property)) return "it is read through a getter";
    const original: unknown = property.value;
    if (typeof original !== "function") return "it is no function";
    const ours = wrap(original as AnyFunction);
    // By definition, not assignment: Node has read-only functions that may be redefined. They stay read-only.
    if (!Reflect.defineProperty(owner, name, { value: ours })) return "it may not be changed";
    // A proxy may have said yes and done nothing.
    const now: unknown = Reflect.getOwnPropertyDescriptor(owner, name)?.value;
    return now === ours ? undefined : "it may not be changed";
  } catch {
    return "it throws an error";
  }
}

/** All of them or none: half of a lock's functions would tell of holds that never end. */
export function replaceTogether(
  owner: object,
  wraps: Readonly<Record<string, Wrap>>,
): WhyLeft | undefined {
  const originals = new Map<string, AnyFunction>();
  for (const [name, wrap] of Object.entries(wraps)) {
    const why = replaceFunction(owner, name, (original) => {
      originals.set(name, original);
      return wrap(original);
    });
    if (why === undefined) continue;
    for (const [replaced, original] of originals) replaceFunction(owner, replaced, () => original);
    return why;
  }
  return undefined;
}

/** For what is asked of Node without replacing anything. Undefined when it was given. */
export function attempt(body: () => void): WhyLeft | undefined {
  try {
    body();
    return undefined;
  } catch {
    return "it throws an error";
  }
}
