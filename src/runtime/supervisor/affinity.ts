// Which processors a pool's threads may run on. Node has no call for it, so each thread that joins is placed by util-linux's
// `taskset`, once, from the main thread; a pool that can't be placed goes on without, and says so once. Linux only.

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { parseProcessors } from "../../base/processor-list.ts";

/** `spread`, `compact`: each thread on one processor; `list`: each on all of the list. */
export type Affinity =
  | { readonly kind: "none" | "spread" | "compact" }
  | { readonly kind: "list"; readonly processors: readonly number[] };

export function checkAffinity(given: unknown): Affinity {
  if (given === "none" || given === "spread" || given === "compact") return { kind: given };
  const processors = typeof given === "string" ? parseProcessors(given) : undefined;
  if (processors !== undefined) return { kind: "list", processors };
  throw new RangeError(
    `affinity: ${JSON.stringify(given)} is not allowed; give none, spread, compact, or processors such as "0,2-3".`,
  );
}

/** Where a processor is; those of one core share it (SMT). */
export interface ProcessorPlace {
  readonly processor: number;
  readonly package: number;
  readonly core: number;
}

/**
 * In which order threads are given processors: `compact` fills a core, then its package; `spread` takes a core of each package in
 * turn, and a core's second processor only when each core has one.
 */
export function placeOrder(
  kind: "spread" | "compact",
  places: readonly ProcessorPlace[],
): readonly number[] {
  const compact = places.toSorted(
    (one, other) =>
      one.package - other.package || one.core - other.core || one.processor - other.processor,
  );
  if (kind === "compact") return compact.map(({ processor }) => processor);
  const seen = new Map<string, number>();
  const nth = (key: string): number => {
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return count;
  };
  return compact
    .map((place) => {
      const sibling = nth(`core ${place.package} ${place.core}`);
      return { ...place, sibling, rank: nth(`package ${place.package} ${sibling}`) };
    })
    .sort(
      (one, other) =>
        one.sibling - other.sibling || one.rank - other.rank || one.package - other.package,
    )
    .map(({ processor }) => processor);
}

export class Placement {
  readonly #affinity: Affinity;
  readonly #warn: (sentence: string) => void;
  readonly #taskset: string | undefined;
  readonly #order: readonly number[];
  /** By seat: the processor that its thread was given. */
  readonly #taken = new Map<number, number>();
  #gaveUp = false;

  constructor(affinity: Affinity, warn: (sentence: string) => void) {
    this.#affinity = affinity;
    this.#warn = warn;
    this.#taskset = affinity.kind === "none" ? undefined : programPath("taskset");
    this.#order = affinity.kind === "none" ? [] : this.#processors(affinity);
  }

  /** For a thread that joins the pool. Resolves when it is placed, or can't be. */
  async place(seat: number, osThreadId: number): Promise<void> {
    if (this.#taskset === undefined || this.#order.length === 0 || this.#gaveUp) return;
    const processors = this.#affinity.kind === "list" ? this.#order : [this.#leastTaken()];
    this.#taken.set(seat, processors[0] ?? 0);
    const problem = await taskset(this.#taskset, processors, osThreadId);
    // A thread that has ended meanwhile is no reason to give up.
    if (problem !== undefined && existsSync(`/proc/self/task/${osThreadId}`)) this.#giveUp(problem);
  }

  /** Its thread is gone: the processor is free for the one in its place. */
  leave(seat: number): void {
    this.#taken.delete(seat);
  }

  #leastTaken(): number {
    const taken = [...this.#taken.values()];
    const uses = (processor: number): number => taken.filter((each) => each === processor).length;
    const [first = 0, ...others] = this.#order;
    return others.reduce((best, each) => (uses(each) < uses(best) ? each : best), first);
  }

  #processors(affinity: Exclude<Affinity, { kind: "none" }>): readonly number[] {
    const allowed = allowedProcessors();
    if (allowed === undefined) return this.#giveUp("only Linux lets threads be placed");
    if (this.#taskset === undefined) {
      return this.#giveUp('the program "taskset" (package util-linux) is not there');
    }
    if (affinity.kind === "list") return this.#listed(affinity.processors, allowed);
    return placeOrder(affinity.kind === "compact" ? "compact" : "spread", allowed.map(placeOf));
  }

  #listed(wanted: readonly number[], allowed: readonly number[]): readonly number[] {
    const both = wanted.filter((each) => allowed.includes(each));
    const others = wanted.filter((each) => !allowed.includes(each)).join(",");
    const have = `this process may use ${allowed.join(",")} only`;
    if (both.length === 0) return this.#giveUp(have);
    if (others !== "") this.#warn(`affinity: processors ${others} are left out: ${have}.`);
    return both;
  }

  #giveUp(why: string): [] {
    if (!this.#gaveUp) {
      this.#warn(`affinity has no effect: ${why}. The threads run where the system puts them.`);
    }
    this.#gaveUp = true;
    return [];
  }
}

/** Of this process, by its own affinity; undefined where the system does not say. */
function allowedProcessors(): readonly number[] | undefined {
  const status = readText("/proc/self/status");
  const list = /^Cpus_allowed_list:\s*(.+)$/m.exec(status ?? "")?.[1];
  return list === undefined ? undefined : parseProcessors(list);
}

function placeOf(processor: number): ProcessorPlace {
  const read = (name: string): number | undefined => {
    const text = readText(`/sys/devices/system/cpu/cpu${processor}/topology/${name}`);
    return text === undefined ? undefined : Number(text);
  };
  // Where the system does not tell, each processor counts as a core of one package.
  return {
    processor,
    package: read("physical_package_id") ?? 0,
    core: read("core_id") ?? processor,
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Not on this system: the caller says what that means.
    return undefined;
  }
}

function programPath(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Why it could not be done; undefined when it was. */
function taskset(
  program: string,
  processors: readonly number[],
  osThreadId: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const list = processors.join(",");
    execFile(program, ["-cp", list, String(osThreadId)], (error, _output, complaint) => {
      if (error === null) resolve(undefined);
      else resolve(`taskset refused: ${(complaint || error.message).trim()}`);
    });
  });
}
