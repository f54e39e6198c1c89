// A number that stands for a value: equal values have equal digests in any process, whatever order their keys were set in;
// different ones practically never. For what can cross between threads (structured clone).

const prime = 0x01000193;
const secondPrime = 0x85ebca6b;

/** A whole number below 2^53. */
export function digestOf(value: unknown): number {
  return hash(canonical(value, []));
}

function hash(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    low = Math.imul(low ^ code, prime);
    high = Math.imul(high ^ code ^ (low >>> 15), secondPrime);
  }
  return (high >>> 11) * 2 ** 32 + (low >>> 0);
}

/** `above` are the values that this one lies in: one that contains itself says how far up. */
function canonical(value: unknown, above: readonly unknown[]): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null)
    return Object.is(value, -0) ? "-0" : String(value);
  const depth = above.indexOf(value);
  if (depth !== -1) return `^${above.length - depth}`;
  return object(value, [...above, value]);
}

function object(value: object, above: readonly unknown[]): string {
  const list = (values: Iterable<unknown>): string =>
    [...values].map((each) => canonical(each, above)).join();
  if (Array.isArray(value)) return `[${list(value)}]`;
  if (value instanceof Date) return `Date(${value.getTime()})`;
  if (value instanceof Error) return `${value.name}(${JSON.stringify(value.message)})`;
  if (value instanceof Map) return `Map(${list([...value].flat())})`;
  if (value instanceof Set) return `Set(${list(value)})`;
  if (ArrayBuffer.isView(value)) return bytes(value);
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer)
    return bytes(new Uint8Array(value));
  const entries = Object.entries(value).sort(([first], [second]) => (first < second ? -1 : 1));
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${canonical(each, above)}`).join()}}`;
}

function bytes(view: ArrayBufferView): string {
  const raw = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  return `${Object.prototype.toString.call(view)}${raw.join()}`;
}
