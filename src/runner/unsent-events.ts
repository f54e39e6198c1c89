// The workload's events that could not be sent: a payload that no thread can be given, or that there is no room for. They count
// nowhere in the pool, so they are told here, each with its number while they are few, and the run does not end well.

import { notSent, type EventWord } from "./workload-events.ts";

/** More are only counted: a workload of a million would be a million sentences. */
const mostTold = 10;

export class UnsentEvents {
  readonly #word: EventWord;
  readonly #tell: (sentence: string) => void;
  #count = 0;
  #first = "";

  constructor(word: EventWord, tell: (sentence: string) => void) {
    this.#word = word;
    this.#tell = tell;
  }

  add(number: number, reason: unknown): void {
    const sentence = notSent(this.#word, number, reason);
    if (this.#count++ === 0) this.#first = sentence;
    if (this.#count <= mostTold) this.#tell(sentence);
    if (this.#count === mostTold + 1) {
      this.#tell("Further events of the workload that could not be sent are only counted.");
    }
  }

  /** What the run ends with; undefined when all were sent. */
  get failure(): string | undefined {
    if (this.#count === 0) return undefined;
    const others = this.#count - 1;
    const more = others === 0 ? "" : ` ${others} more could not either.`;
    return `${this.#first}${more}`;
  }
}
