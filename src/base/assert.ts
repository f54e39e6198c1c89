// Checks on our own reasoning. A failed assertion is a defect of Poolscope, never a person's mistake: it throws and
// nobody catches it short of the process's edge.

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Poolscope defect: ${message}`);
}

/** Ends a `switch` over a union, so that a new member is a compile error until it is handled. */
export function assertNever(value: never): never {
  throw new Error(`Poolscope defect: unexpected ${JSON.stringify(value)}`);
}

/** The value at an index that the caller has already bounded; an index out of range is our defect. */
export function at<T>(items: ArrayLike<T>, index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`Poolscope defect: no item ${index} of ${items.length}`);
  return item;
}
