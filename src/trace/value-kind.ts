// Kinds of values that a trace's JSON may hold, each with its bounds and with what stands for a value that is none of it. Header,
// footer and rows are declared with them (header-kind.ts, table-kinds.ts) and read through them once, by decode: whatever comes
// in, what goes on has the type that is declared.

export interface Read<T> {
  readonly value: T;
  /** What was wrong, as words that follow the value's name; undefined when nothing was. */
  readonly fault: string | undefined;
}

export interface ValueKind<T> {
  /** Stands for a value that is none of this kind. */
  readonly unknown: T;
  read(value: unknown): Read<T>;
}

/** The kinds of an object's fields; a field without one, or with one of another type, does not compile. */
export type FieldKinds<T> = { readonly [Name in keyof T]-?: ValueKind<T[Name]> };

export function whole(least: number, most: number, unknown: number): ValueKind<number> {
  const isOne = (value: unknown): value is number =>
    Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most;
  return kindOf(unknown, isOne, `a whole number from ${least} to ${most}`);
}

export function quantity(most: number, unknown: number): ValueKind<number> {
  const isOne = (value: unknown): value is number =>
    typeof value === "number" && value >= 0 && value <= most;
  return kindOf(unknown, isOne, `a number from 0 to ${most}`);
}

export function oneOf<const T extends string>(choices: readonly T[], unknown: T): ValueKind<T> {
  const isOne = (value: unknown): value is T => choices.some((choice) => choice === value);
  return kindOf(unknown, isOne, `one of ${choices.join(", ")}`);
}

function kindOf<T>(unknown: T, isOne: (value: unknown) => value is T, words: string): ValueKind<T> {
  return {
    unknown,
    read: (value) =>
      isOne(value) ? right(value) : { value: unknown, fault: `is ${said(value)}, not ${words}` },
  };
}

/** A text that is too long is cut. Halves of surrogate pairs become U+FFFD: half of what texts are given to throws on them. */
export function text(most: number, unknown = ""): ValueKind<string> {
  return {
    unknown,
    read: (value) => {
      if (typeof value !== "string") {
        return { value: unknown, fault: `is ${said(value)}, not a text` };
      }
      if (value.length <= most) return right(value.toWellFormed());
      const fault = `has ${value.length} characters, of which the first ${most} are kept`;
      return { value: value.slice(0, most).toWellFormed(), fault };
    },
  };
}

export function listOf<T>(kind: ValueKind<T>, most: number): ValueKind<readonly T[]> {
  return {
    unknown: [],
    read: (value) => {
      if (!Array.isArray(value) || value.length > most) {
        return { value: [], fault: `is ${said(value)}, not a list of at most ${most}` };
      }
      const items = value.map((item: unknown) => kind.read(item));
      const fault = items.find((item) => item.fault !== undefined)?.fault;
      const kept = items.flatMap((item) => (item.fault === undefined ? [item.value] : []));
      return { value: kept, fault: fault === undefined ? undefined : `has an entry that ${fault}` };
    },
  };
}

/** An object with these fields and no others: what fails stands as its kind's unknown value, the other fields are kept. */
export function record<T extends object>(kinds: FieldKinds<T>): ValueKind<T> {
  const fields = Object.entries<ValueKind<unknown>>(kinds);
  const unknown = Object.fromEntries(fields.map(([name, kind]) => [name, kind.unknown])) as T;
  return {
    unknown,
    read: (value) => {
      if (!isObject(value)) return { value: unknown, fault: `is ${said(value)}, not an object` };
      const faults: string[] = [];
      const read = Object.fromEntries(
        fields.map(([name, kind]) => {
          const field = kind.read(value[name]);
          if (field.fault !== undefined) faults.push(`its ${name} ${field.fault}`);
          return [name, field.value];
        }),
      );
      return { value: read as T, fault: faults.length === 0 ? undefined : faults.join("; ") };
    },
  };
}

/** For what is nothing by halves: any fault makes all of it unknown. */
export function wholeOrUnknown<T>(kind: ValueKind<T>): ValueKind<T> {
  return {
    unknown: kind.unknown,
    read: (value) => {
      const { value: read, fault } = kind.read(value);
      return { value: fault === undefined ? read : kind.unknown, fault };
    },
  };
}

/** A fault as the end of a sentence: a record's names its fields, that of a plain value begins with its verb. */
export function told(fault: string): string {
  return fault.startsWith("its ") ? fault : `it ${fault}`;
}

/**
 * Any object of JSON that is at most so deep. Names that every object has, such as `toString` and `__proto__`, are left out:
 * the language itself would call or follow what stands there.
 */
export function anyObject(depth: number): ValueKind<{ readonly [key: string]: unknown }> {
  return {
    unknown: {},
    read: (value) => {
      if (!isObject(value)) return { value: {}, fault: `is ${said(value)}, not an object` };
      if (isDeeper(value, depth)) {
        return { value: {}, fault: `holds more than ${depth} objects within each other` };
      }
      return right(plain(value) as { readonly [key: string]: unknown });
    },
  };
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === 0 || Object.values(value).some((each) => isDeeper(each, depth - 1));
}

function plain(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(plain);
  if (!isObject(value)) return value;
  const own = Object.entries(value).filter(([name]) => !(name in Object.prototype));
  return Object.fromEntries(own.map(([name, each]) => [name.toWellFormed(), plain(each)]));
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function right<T>(value: T): Read<T> {
  return { value, fault: undefined };
}

const longestSaid = 40;

function said(value: unknown): string {
  if (value === undefined) return "missing";
  if (typeof value === "string") {
    const start = JSON.stringify(value.slice(0, longestSaid).toWellFormed());
    return value.length > longestSaid ? `${start} and so on` : start;
  }
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return `${value as number | boolean | null}`;
}
