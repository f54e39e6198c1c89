// Tasks of low, medium and high priority on five threads, some of which fail. All threads are held
// at first, and tasks of priority 1, 3 and 2 are submitted meanwhile; when the threads are free,
// they start as 3, 2, 1.

import type { EventRequest, Handler } from "poolscope";

interface Task {
  readonly name: string;
  /** Milliseconds of work. */
  readonly work: number;
  readonly fails: boolean;
}

interface Hold {
  readonly millis: number;
}

const threads = 5;
const priorityOf = { low: 1, medium: 2, high: 3 } as const;
type Level = keyof typeof priorityOf;

export const hold: Handler<Hold> = (event) => {
  block(event.payload.millis);
};

export const low: Handler<Task, string> = (event) => perform(event.payload);
export const medium: Handler<Task, string> = (event) => perform(event.payload);
export const high: Handler<Task, string> = (event) => perform(event.payload);

export function* workload(): Generator<EventRequest> {
  for (let i = 0; i < threads; i++) yield { type: "hold", payload: { millis: 200 }, priority: 7 };
  yield task("low", "first submitted", false);
  yield task("high", "second submitted", false);
  yield task("medium", "third submitted", false);
  for (let i = 1; i <= 2_000; i++) {
    yield task((["low", "medium", "high"] as const)[i % 3] ?? "low", `task ${i}`, i % 50 === 0);
  }
}

function task(level: Level, name: string, fails: boolean): EventRequest {
  return { type: level, payload: { name, work: 2, fails }, priority: priorityOf[level] };
}

function perform({ name, work, fails }: Task): string {
  block(work);
  if (fails) throw new Error(`${name} could not be done`);
  return `${name} done`;
}

/** Keeps the thread's processor busy, as computing would. */
function block(millis: number): void {
  const end = performance.now() + millis;
  while (performance.now() < end);
}
