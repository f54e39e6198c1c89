// Which of the events that wait goes next. The handle set offers the front of each ring; a discipline says which of two
// goes first. A discipline of a person's own fits the same interface.

export interface QueueFront {
  /** Order of submission over all submitters. */
  readonly event: number;
  readonly priority: number;
  readonly waitedMicros: number;
}

export interface QueueDiscipline {
  readonly name: string;
  /** Whether events of different priority wait in rings of their own; else all share class 0. */
  readonly byPriority: boolean;
  /** True when `first` goes before `second`. */
  before(first: QueueFront, second: QueueFront): boolean;
}

export const fifo: QueueDiscipline = {
  name: "fifo",
  byPriority: false,
  before: (first, second) => first.event < second.event,
};

/** A waiting event rises one priority each time this passes, so that low priority is never starved for ever. */
const ageingMicros = 50_000;

function effectivePriority(front: QueueFront): number {
  return front.priority + Math.floor(front.waitedMicros / ageingMicros);
}

export const priority: QueueDiscipline = {
  name: "priority",
  byPriority: true,
  before: (first, second) => {
    const difference = effectivePriority(first) - effectivePriority(second);
    return difference === 0 ? first.event < second.event : difference > 0;
  },
};

export const disciplines: Readonly<Record<"fifo" | "priority", QueueDiscipline>> = {
  fifo,
  priority,
};
