// Figures as a person reads them, in findings' sentences and in every table. Durations come in nanoseconds, shares from 0 to 1.

export function duration(nanos: number): string {
  if (nanos < 1000) return `${Math.round(nanos)} ns`;
  if (nanos < 1e6) return `${digits(nanos / 1e3)} µs`;
  if (nanos < 1e9) return `${digits(nanos / 1e6)} ms`;
  return `${digits(nanos / 1e9)} s`;
}

/** Three significant digits below a hundred, none after the point above. */
function digits(value: number): string {
  return value < 99.95 ? value.toFixed(1) : String(Math.round(value));
}

/** A point of time in the trace: to the microsecond within the first second, to 100 µs after it. */
export function moment(nanos: number): string {
  if (nanos < 1e6) return duration(nanos);
  return nanos < 1e9 ? `${(nanos / 1e6).toFixed(3)} ms` : `${(nanos / 1e9).toFixed(4)} s`;
}

export function percent(share: number): string {
  const value = share * 100;
  return value > 0 && value < 9.95 ? `${value.toFixed(1)} %` : `${Math.round(value)} %`;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** "once", "twice", "17 times". */
export function times(value: number): string {
  if (value === 1) return "once";
  return value === 2 ? "twice" : `${count(value)} times`;
}

/** "1 thread", "4 threads". */
export function counted(value: number, one: string, more = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : more}`;
}
