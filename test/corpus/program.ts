// A program of the corpus: a handler module made from a seed, how to run it, and what is wrong with it.

import type { RunConfiguration } from "../../src/protocol/run-configuration.ts";
import type { Draw } from "./draw.ts";

/** What a profiler should say of a program: any one of the rules, at the line. */
export interface Planted {
  readonly rules: readonly string[];
  /** Any of these is right; empty where the rule has none. */
  readonly mechanisms: readonly string[];
  /** From 1, any of these is right; empty for a fault that has no line, such as one of the configuration. */
  readonly lines: readonly number[];
}

export interface Program {
  readonly name: string;
  readonly kind: string;
  readonly seed: number;
  /** 0 for none, 1 for gross. */
  readonly magnitude: number;
  readonly text: string;
  readonly configuration: Partial<RunConfiguration>;
  /** Type of event whose p99 counts; undefined for the slowest. */
  readonly victim: string | undefined;
  /** Undefined for a healthy program. */
  readonly planted: Planted | undefined;
}

/** One way in which a pool can be wrong, or only look it. */
export interface ProgramKind {
  readonly id: string;
  readonly rules: readonly string[];
  readonly mechanisms?: readonly string[];
  /** What the fault costs and its twin must gain; "nothing" for a fault of correctness. Healthy kinds have none. */
  readonly costs: "throughput" | "p99" | "nothing" | "healthy";
  /** Writes the program. `fixed` is the twin: the same program without the fault. */
  write(
    module: ModuleText,
    draw: Draw,
    magnitude: number,
    fixed: boolean,
  ): Partial<RunConfiguration>;
}

/** Stands at the end of the line at which the finding should stand; it is no part of the program. */
export const here: string = "//@here";

/** The text of a module as it is put together: imports first, then functions in an order that the seed draws. */
export class ModuleText {
  /** The type of event whose p99 the fault costs; undefined for the slowest. */
  victim: string | undefined;
  readonly #imports: string[] = [];
  readonly #first: string[] = [];
  readonly #blocks: string[] = [];

  import(line: string): void {
    this.#imports.push(line);
  }

  /** What must stand before the functions, in this order. */
  state(line: string): void {
    this.#first.push(line);
  }

  block(text: string): void {
    this.#blocks.push(text.replace(/^\n+|\s+$/g, ""));
  }

  finish(draw: Draw): { readonly text: string; readonly marked: readonly number[] } {
    const pieces = [
      ...(this.#imports.length > 0 ? [this.#imports.join("\n")] : []),
      ...(this.#first.length > 0 ? [this.#first.join("\n")] : []),
      ...draw.shuffled(this.#blocks),
    ];
    const lines = pieces.join("\n\n").split("\n");
    const marked = lines.flatMap((line, index) => (line.includes(here) ? [index + 1] : []));
    const text = lines.map((line) => line.replace(here, "").trimEnd()).join("\n");
    return { text: `${text}\n`, marked };
  }
}
