// A scenario: what stands in the workspace, and what a person does.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Editor } from "../editor.ts";

export interface Places {
  readonly root: string;
  /** The editor's own folder: settings, storage. */
  readonly folder: string;
}

export interface Scenario {
  readonly name: string;
  /** On the server that has workspace trust on. */
  readonly trust?: boolean;
  readonly size?: { readonly width: number; readonly height: number };
  /** Path and text of each file of the workspace. */
  files(root: string): Readonly<Record<string, string>>;
  run(editor: Editor, places: Places): Promise<void>;
  /** Takes minutes: only with --long, which runs these alone. */
  readonly long?: true;
}

export function bankTransfers(root: string): Readonly<Record<string, string>> {
  const text = readFileSync(join(root, "examples", "bank-transfers", "accounts.ts"), "utf8");
  return { "accounts.ts": text };
}

/** Line from 1 on which the text first stands. */
export function lineOf(text: string, piece: string): number {
  return 1 + text.split("\n").findIndex((line) => line.includes(piece));
}

/** Records a trace from a terminal, as a person would; returns its path in the workspace. */
export function recordTrace(
  root: string,
  workspace: string,
  module: string,
  name: string,
  env: Readonly<Record<string, string>> = {},
): string {
  const out = join(workspace, name);
  const cli = join(root, "dist", "poolscope.js");
  const options = ["--events", "4000", "--out", out];
  execFileSync(process.execPath, [cli, "profile", join(workspace, module), ...options], {
    cwd: workspace,
    env: { ...process.env, ...env },
    stdio: "ignore",
  });
  return out;
}

export interface TraceReport {
  readonly hotspots: readonly {
    readonly lock: string;
    readonly waits: number;
    readonly share: number;
    readonly worstInterval: {
      readonly start: number;
      readonly end: number;
      readonly thread: number;
    };
  }[];
  readonly events: { readonly throughput: number };
}

export function reportOf(root: string, trace: string): TraceReport {
  const cli = join(root, "dist", "poolscope.js");
  const text = execFileSync(process.execPath, [cli, "report", trace, "--json"], {
    maxBuffer: 2 ** 28,
  });
  return JSON.parse(text.toString()) as TraceReport;
}

/** Everything of the trace but its last third. */
export function cutTrace(path: string, target: string): void {
  const bytes = readFileSync(path);
  writeFileSync(target, bytes.subarray(0, Math.floor((bytes.length * 2) / 3)));
}

/** Changes the editor's settings as the person would in their settings file. */
export function changeSettings(folder: string, changes: Readonly<Record<string, unknown>>): void {
  const file = join(folder, "data", "User", "settings.json");
  const before = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  writeFileSync(file, JSON.stringify({ ...before, ...changes }));
}

/** Two handlers that share a lock: `slow` keeps it for long, `quick` is who waits. */
export const twoSites = `export const slow = (event, ctx) => {
  const guard = ctx.mutex("register").acquire();
  let hash = event.payload.seed;
  for (let i = 0; i < 1_000_000; i++) hash = Math.imul(hash ^ i, 0x01000193);
  guard.release();
  return hash;
};

export const quick = (event, ctx) => {
  const guard = ctx.mutex("register").acquire();
  guard.release();
  return event.payload.seed;
};

export function* workload() {
  for (let seed = 0; seed < 2000; seed++) {
    yield { type: seed % 4 === 0 ? "slow" : "quick", payload: { seed } };
  }
}
`;

/** Handlers that share nothing: nobody waits for a lock. */
export const unlocked = `export default (event) => {
  let hash = event.payload.seed;
  for (let i = 0; i < 100_000; i++) hash = Math.imul(hash ^ i, 0x01000193);
  return hash;
};

export function* workload() {
  for (let seed = 0; seed < 4000; seed++) yield { payload: { seed } };
}
`;
