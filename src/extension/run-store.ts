// The runs of this workspace: their traces in the extension's storage, and an index of what is known of each. The newest
// are kept within limits that the person sets; renamed ones for ever.

import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, extname, join } from "node:path";
import * as vscode from "vscode";
import type { RunSummary } from "../protocol/server-messages.ts";
import type { ComparisonResult } from "../protocol/comparison.ts";
import type { ModelTable } from "../protocol/model-comparison.ts";
import { settings } from "./state.ts";

export interface StoredRun {
  readonly path: string;
  /** Absolute path of the handler module. */
  readonly module: string;
  readonly summary: RunSummary | undefined;
  /** Given by the person; such a run is never dropped. */
  readonly name: string | undefined;
  readonly at: string;
  /** What the newest comparison of it with its module said. */
  readonly comparison?: ComparisonResult;
  /** Its handlers under each concurrency model, by the newest comparison. */
  readonly models?: ModelTable;
  /** Why it was cut; the trace itself can't tell. */
  readonly cutBecause?: string;
}

export class RunStore {
  /** Of the traces. */
  readonly folder: string;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #runs: readonly StoredRun[];

  constructor(context: vscode.ExtensionContext) {
    this.folder = join((context.storageUri ?? context.globalStorageUri).fsPath, "traces");
    this.#runs = this.#read().filter(({ path }) => existsSync(path));
  }

  /** Newest first. */
  get all(): readonly StoredRun[] {
    return this.#runs;
  }

  newPath(module: string): string {
    mkdirSync(this.folder, { recursive: true });
    const stamp = new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
    const stem = `${basename(module, extname(module))}-${stamp}`;
    for (let number = 1; ; number++) {
      const path = join(this.folder, `${stem}${number === 1 ? "" : `-${number}`}.pooltrace`);
      if (!existsSync(path)) return path;
    }
  }

  latestOf(module: string): StoredRun | undefined {
    return this.#runs.find((run) => run.module === module);
  }

  find(path: string): StoredRun | undefined {
    return this.#runs.find((run) => run.path === path);
  }

  /** The run of the same module before this one. */
  previousOf(path: string): StoredRun | undefined {
    const run = this.find(path);
    const older = this.#runs.slice(this.#runs.findIndex((each) => each.path === path) + 1);
    return run === undefined ? undefined : older.find(({ module }) => module === run.module);
  }

  /** The newest run of each module, oldest first. */
  latestOfEach(): readonly string[] {
    const latest = new Map<string, string>();
    for (const { module, path } of this.#runs) if (!latest.has(module)) latest.set(module, path);
    return [...latest.values()].toReversed();
  }

  /** A run begins; what came of it is told by `ended`. */
  started(module: string, path: string): void {
    const at = new Date().toISOString();
    this.#write([{ path, module, summary: undefined, name: undefined, at }, ...this.#runs]);
  }

  ended(path: string, summary: RunSummary | undefined, cutBecause?: string): void {
    const ending = { summary, ...(cutBecause === undefined ? {} : { cutBecause }) };
    this.#write(this.#runs.map((run) => (run.path === path ? { ...run, ...ending } : run)));
    this.#dropOld();
  }

  compared(path: string, comparison: ComparisonResult): void {
    this.#write(this.#runs.map((run) => (run.path === path ? { ...run, comparison } : run)));
  }

  modelsCompared(path: string, models: ModelTable): void {
    this.#write(this.#runs.map((run) => (run.path === path ? { ...run, models } : run)));
  }

  rename(path: string, name: string): void {
    this.#write(this.#runs.map((run) => (run.path === path ? { ...run, name } : run)));
  }

  delete(path: string): void {
    rmSync(path, { force: true });
    for (const of of ["compared", "models"] as const) {
      rmSync(this.folderBeside(path, of), { recursive: true, force: true });
    }
    this.#write(this.#runs.filter((run) => run.path !== path));
  }

  /** Where the traces of a run's comparisons lie. */
  folderBeside(path: string, of: "compared" | "models"): string {
    return join(this.folder, `${basename(path, ".pooltrace")}-${of}`);
  }

  #dropOld(): void {
    const most = settings().get<number>("traces.keep", 20);
    const mostBytes = settings().get<number>("traces.maxTotalSize", 2048) * 2 ** 20;
    let count = 0;
    let bytes = 0;
    for (const { path, name } of this.#runs) {
      if (name !== undefined) continue;
      count++;
      bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
      // The newest stays, whatever its size.
      if (count > 1 && (count > most || bytes > mostBytes)) this.delete(path);
    }
  }

  get #index(): string {
    return join(this.folder, "runs.json");
  }

  #read(): readonly StoredRun[] {
    if (!existsSync(this.#index)) return [];
    try {
      const value: unknown = JSON.parse(readFileSync(this.#index, "utf8"));
      return Array.isArray(value) ? (value as StoredRun[]) : [];
    } catch {
      // An index that was cut while it was written: the traces themselves are still there to be opened.
      return [];
    }
  }

  #write(runs: readonly StoredRun[]): void {
    this.#runs = runs;
    mkdirSync(this.folder, { recursive: true });
    const part = `${this.#index}.part`;
    writeFileSync(part, JSON.stringify(runs, undefined, 2));
    renameSync(part, this.#index);
    this.#changed.fire();
  }
}
