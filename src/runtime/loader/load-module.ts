// Imports a prepared module in this thread and picks its handlers: a default function, or one event type per exported
// function. `workload`, `setup` and `teardown` are what their names say.

import { readFileSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { SourceRow } from "../../trace/tables.ts";
import type { Handler } from "../handler.ts";
import type { HandlerModule } from "../thread/handler-module.ts";
import { attempt } from "../watch/replace-function.ts";
import type { TellUnseen } from "../watch/unseen.ts";
import { installHooks, requireFrom } from "./install-hooks.ts";
import type { LoadProblem } from "./load-problem.ts";
import type { PreparedModule } from "./prepared-module.ts";
// Marked text names the holder, in whatever thread it runs.
import "./site-holder.ts";

export type Loaded =
  | { readonly kind: "loaded"; readonly module: HandlerModule }
  | { readonly kind: "refused"; readonly problem: LoadProblem };

const notHandlers = new Set(["default", "workload", "setup", "teardown"]);

export async function loadModule(
  prepared: PreparedModule,
  tellUnseen: TellUnseen,
  hooksScript: URL = hooksBeside(import.meta.url),
): Promise<Loaded> {
  tellUnseen(
    "lines through source maps",
    "",
    attempt(() => process.setSourceMapsEnabled(true)),
  );
  const whyNot = installHooks(prepared.files, hooksScript);
  if (whyNot !== undefined && !isOnDisk(prepared)) return { kind: "refused", problem: notOnDisk };
  tellUnseen("places of calls in the handlers' text", "node:module", whyNot);
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await importEntry(prepared);
  } catch (error) {
    return { kind: "refused", problem: importProblem(error, prepared) };
  }
  const module = pickHandlers(exported, prepared);
  const problem =
    module.handlers.size > 0 ? degradedProblem(exported, module, prepared) : undefined;
  if (problem !== undefined) return { kind: "refused", problem };
  if (module.handlers.size > 0) return { kind: "loaded", module };
  return {
    kind: "refused",
    problem: {
      message: "The module exports no handler.",
      file: prepared.entry,
      advice: "Export a function: export default async function (event, ctx) { ... }",
    },
  };
}

const notOnDisk: LoadProblem = {
  message: `Node ${process.versions.node} loads only what lies on disk, and the handlers' files there differ from what is to run.`,
  advice: "Use a version of Node that Poolscope is tested with.",
};

/** Whether Node by itself would load what was prepared, but for the marks. */
function isOnDisk({ sources, root }: PreparedModule): boolean {
  const isSame = ({ path, text }: SourceRow): boolean =>
    readFileSync(resolve(root, path), "utf8") === text;
  let isSo = false;
  const why = attempt(() => {
    isSo = sources.every(isSame);
  });
  return why === undefined && isSo;
}

/** In a bundle the hooks are a file of their own beside it. */
function hooksBeside(url: string): URL {
  const bundled = !url.includes("/loader/");
  return new URL(bundled ? "./load-hooks.js" : "./hooks-thread.js", url);
}

async function importEntry(prepared: PreparedModule): Promise<Readonly<Record<string, unknown>>> {
  const entry = prepared.files.find((file) => file.path === prepared.entry);
  if (entry?.format !== "commonjs") {
    return (await import(pathToFileURL(prepared.entry).href)) as Record<string, unknown>;
  }
  // By require, not import: Node 24 strips a CommonJS .ts file again when it is imported.
  const value: unknown = requireFrom(prepared.entry)(prepared.entry);
  if (typeof value === "function")
    return { ...Object.fromEntries(Object.entries(value)), default: value };
  return value as Record<string, unknown>;
}

function pickHandlers(
  exported: Readonly<Record<string, unknown>>,
  prepared: PreparedModule,
): HandlerModule {
  const handlers = new Map<string, Handler>();
  for (const [name, value] of Object.entries(exported)) {
    if (typeof value === "function" && !notHandlers.has(name)) handlers.set(name, value as Handler);
  }
  const { default: main } = exported;
  if (typeof main === "function") {
    handlers.set(basename(prepared.entry, extname(prepared.entry)), main as Handler);
  }
  return {
    handlers,
    degraded: new Map(Object.entries(degradedOf(exported))),
    workload: functionOf(exported, "workload") as HandlerModule["workload"],
    setup: functionOf(exported, "setup") as HandlerModule["setup"],
    teardown: functionOf(exported, "teardown") as HandlerModule["teardown"],
    takesPayload: prepared.isPoolWorkerFile,
  };
}

/** `export const degraded = { place: (event, ctx) => ... }`. */
function degradedOf(exported: Readonly<Record<string, unknown>>): Record<string, Handler> {
  const { degraded } = exported;
  return typeof degraded === "object" && degraded !== null
    ? (degraded as Record<string, Handler>)
    : {};
}

function degradedProblem(
  exported: Readonly<Record<string, unknown>>,
  { handlers }: HandlerModule,
  prepared: PreparedModule,
): LoadProblem | undefined {
  for (const [name, value] of Object.entries(degradedOf(exported))) {
    const file = prepared.entry;
    if (!handlers.has(name)) {
      const advice = `It may name ${[...handlers.keys()].join(", ")}.`;
      return { message: `"degraded" names "${name}", which is no handler.`, file, advice };
    }
    if (typeof value !== "function") {
      return { message: `"degraded.${name}" is no function.`, file };
    }
  }
  return undefined;
}

function functionOf(exported: Readonly<Record<string, unknown>>, name: string): unknown {
  return typeof exported[name] === "function" ? exported[name] : undefined;
}

/** The first stack line that lies in one of the person's files says where. */
function importProblem(error: unknown, prepared: PreparedModule): LoadProblem {
  const thrown = error instanceof Error ? error : new Error(String(error));
  const message = `Loading it failed: ${thrown.name}: ${thrown.message}`;
  for (const line of (thrown.stack ?? "").split("\n")) {
    const place = /(?:\(|at )(?:file:\/\/)?(\/[^()]+?):(\d+)(?::(\d+))?\)?$/.exec(line.trim());
    const file = place?.[1];
    if (place === null || file === undefined) continue;
    if (!prepared.files.some((each) => each.path === file)) continue;
    return { message, file, line: Number(place[2]), column: Number(place[3] ?? 1) };
  }
  return { message, file: prepared.entry };
}
