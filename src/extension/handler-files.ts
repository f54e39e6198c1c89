// Which files are handler files. Nothing of ours shows on any other file. A file is one when its text says so (see
// protocol/handler-file.ts), when poolscope.json names it, when it was profiled before, or when this workspace passes it
// to Piscina or Tinypool.

import { join } from "node:path";
import * as vscode from "vscode";
import { looksLikeHandlers } from "../protocol/handler-file.ts";

const profiledKey = "poolscope.profiled";
/** By its name: while the editor starts, a document's language is not known yet. */
const codeFile = /\.[cm]?[jt]sx?$/;
const poolFiles = "**/*.{js,mjs,cjs,ts,mts,cts}";
const notSearched = "**/{node_modules,dist,out,build}/**";
const mostSearched = 400;
const poolConstructor = /new\s+(?:Piscina|Tinypool)\s*\(/;
const workerName = /["'`]([^"'`\n]+\.[cm]?[jt]s)["'`]/g;

export class HandlerFiles {
  readonly #context: vscode.ExtensionContext;
  #named = new Set<string>();
  #workers = new Set<string>();
  readonly #found = new Set<string>();

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
  }

  /** Paths that are known to be handler files, the last profiled first. */
  get known(): readonly string[] {
    return [...new Set([...this.#profiled, ...this.#named, ...this.#workers, ...this.#found])];
  }

  isHandlerFile(document: vscode.TextDocument): boolean {
    const path = document.uri.fsPath;
    if (document.uri.scheme !== "file" || !codeFile.test(path)) return false;
    const isOne =
      looksLikeHandlers(document.getText()) ||
      this.#profiled.includes(path) ||
      this.#named.has(path) ||
      this.#workers.has(path);
    if (isOne && !this.#found.has(path)) {
      this.#found.add(path);
      this.#publish();
    }
    return isOne;
  }

  async wasProfiled(path: string): Promise<void> {
    const others = this.#profiled.filter((each) => each !== path);
    await this.#context.workspaceState.update(profiledKey, [path, ...others].slice(0, 50));
    this.#publish();
  }

  /** Looks through the workspace: what poolscope.json names, and what is passed to other pools. */
  async search(): Promise<void> {
    const configurations = await vscode.workspace.findFiles("**/poolscope.json", notSearched, 50);
    const named = await Promise.all(configurations.map(namedIn));
    this.#named = new Set(named.flat());
    if (await usesOtherPools()) {
      const files = await vscode.workspace.findFiles(poolFiles, notSearched, mostSearched);
      const workers = await Promise.all(files.map(workersIn));
      this.#workers = new Set(workers.flat());
    }
    this.#publish();
  }

  get #profiled(): readonly string[] {
    return this.#context.workspaceState.get<string[]>(profiledKey, []);
  }

  /** For `when` clauses of menus. */
  #publish(): void {
    void vscode.commands.executeCommand("setContext", "poolscope.handlerFiles", [...this.known]);
  }
}

async function textOf(uri: vscode.Uri): Promise<string> {
  return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString("utf8");
}

async function namedIn(uri: vscode.Uri): Promise<string[]> {
  const folder = join(uri.fsPath, "..");
  const { handlers } = parseObject(await textOf(uri));
  const names = Array.isArray(handlers) ? handlers : [handlers];
  return names.flatMap((name) => (typeof name === "string" ? [join(folder, name)] : []));
}

async function usesOtherPools(): Promise<boolean> {
  const manifests = await vscode.workspace.findFiles("**/package.json", notSearched, 20);
  const texts = await Promise.all(manifests.map(textOf));
  return texts.some((text) => /"(?:piscina|tinypool)"\s*:/.test(text));
}

async function workersIn(uri: vscode.Uri): Promise<string[]> {
  const text = await textOf(uri);
  const folder = join(uri.fsPath, "..");
  const paths: string[] = [];
  for (const { index } of text.matchAll(new RegExp(poolConstructor, "g"))) {
    // The options of the constructor are near; whatever name of a script stands there is a candidate.
    const options = text.slice(index, index + 400);
    for (const [, name = ""] of options.matchAll(workerName)) paths.push(join(folder, name));
  }
  return paths;
}

function parseObject(text: string): { readonly handlers?: unknown } {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    // Half-typed JSON names nothing.
    return {};
  }
}
