// The runs of this workspace: their traces in the extension's storage, and an index of what is known of each. The newest
// are kept within limits that the person sets; renamed ones for ever.

import { createHash, randomBytes } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, extname, join } from "node:path";
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

  /** Nobody else's: two windows may start runs of one module in the same second. Whoever writes it opens it exclusively too. */
  newPath(module: string): string {
    mkdirSync(this.folder, { recursive: true });
    const stamp = new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
    const own = randomBytes(4).toString("hex");
    return join(this.folder, `${basename(module, extname(module))}-${stamp}-${own}.pooltrace`);
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

  /** A run that never began: it has no trace, and what lies at its path is not its own. */
  forget(path: string): void {
    this.#write(this.#runs.filter((run) => run.path !== path));
  }

  delete(path: string): void {
    rmSync(path, { force: true });
    for (const of of ["compared", "models"] as const) {
      const folder = this.folderBeside(path, of);
      // Parts are what a comparison leaves whose process was killed.
      const parts = readdirSync(this.folder).filter((name) =>
        name.startsWith(`${basename(folder)}.part-`),
      );
      for (const each of [basename(folder), ...parts]) {
        rmSync(join(this.folder, each), { recursive: true, force: true });
      }
    }
    this.forget(path);
  }

  /** Where the traces of a run's comparisons lie; those of a trace from elsewhere are told apart by its folder. */
  folderBeside(path: string, of: "compared" | "models"): string {
    const from = dirname(path);
    const elsewhere =
      from === this.folder ? "" : `-${createHash("sha256").update(from).digest("hex").slice(0, 8)}`;
    return join(this.folder, `${basename(path, ".pooltrace")}${elsewhere}-${of}`);
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
