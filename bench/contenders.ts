// The pools that are measured, each behind the same function: one task in, a promise of its result out.

import { Worker } from "node:worker_threads";
import { Piscina } from "piscina";
import { Tinypool } from "tinypool";

export interface Task {
  readonly id: number;
  readonly spin: number;
  readonly fails?: boolean;
  readonly text?: string;
}

export interface Contender {
  readonly name: string;
  run(task: Task): Promise<unknown>;
  close(): Promise<unknown>;
}

interface OurPool {
  submit(event: { readonly payload: Task }): Promise<unknown>;
  close(): Promise<void>;
}

interface OurPackage {
  pool(module: URL, options: object): Promise<OurPool>;
}

const workers = new URL("../../bench/workers/", import.meta.url);

export type Level = "off" | "scheduling" | "locks" | "all";

export async function ours(threads: number, level: Level): Promise<Contender> {
  return ourPool(level === "off" ? "poolscope" : "poolscope recording", { threads, level });
}

export async function ourPool(name: string, options: object): Promise<Contender> {
  // The shipped build, not the compiled sources.
  const dist = new URL("../../dist/pool.js", import.meta.url);
  const { pool } = (await import(dist.href)) as OurPackage;
  const started = await pool(new URL("ours.js", workers), options);
  return {
    name,
    run: (payload) => started.submit({ payload }),
    close: () => started.close(),
  };
}

function piscina(threads: number, concurrentTasksPerWorker: number): Contender {
  const filename = new URL("piscina.js", workers).href;
  const pool = new Piscina({
    filename,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker,
  });
  return {
    name: concurrentTasksPerWorker === 1 ? "piscina" : `piscina x${concurrentTasksPerWorker}`,
    run: (task) => pool.run(task),
    close: () => pool.destroy(),
  };
}

function tinypool(threads: number): Contender {
  const filename = new URL("piscina.js", workers).href;
  const pool = new Tinypool({ filename, minThreads: threads, maxThreads: threads });
  return { name: "tinypool", run: (task) => pool.run(task), close: () => pool.destroy() };
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

interface Answer {
  readonly number: number;
  readonly value?: unknown;
  readonly error?: unknown;
}

function raw(threads: number): Contender {
  const waiting = new Map<number, Waiting>();
  const pool = Array.from({ length: threads }, () => new Worker(new URL("raw.js", workers)));
  let number = 0;
  for (const worker of pool) {
    worker.on("message", (answer: Answer) => {
      const { resolve, reject } = waiting.get(answer.number) ?? {};
      waiting.delete(answer.number);
      if (answer.error === undefined) resolve?.(answer.value);
      else reject?.(answer.error);
    });
  }
  return {
    name: "raw postMessage",
    run: (task) =>
      new Promise((resolve, reject) => {
        waiting.set(++number, { resolve, reject });
        pool[number % threads]?.postMessage({ number, task });
      }),
    close: () => Promise.all(pool.map((worker) => worker.terminate())),
  };
}

/** Piscina's default comes first: the others are compared with it. */
export async function contenders(threads: number): Promise<readonly Contender[]> {
  return [
    piscina(threads, 1),
    piscina(threads, 32),
    tinypool(threads),
    raw(threads),
    await ours(threads, "off"),
    await ours(threads, "scheduling"),
  ];
}
