// Checks on our own reasoning. A failed assertion is a defect of Poolscope, never a person's mistake: it throws and
// nobody catches it short of the process's edge.

export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`Poolscope defect: ${message}`);
}

/** The value at an index that the caller has already bounded; an index out of range is our defect. */
export function at<T>(items: ArrayLike<T>, index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`Poolscope defect: no item ${index} of ${items.length}`);
  return item;
}
