// What the extension's parts share: made once by activate, handed to each part. Cheap to make: nothing here loads the
// language client.

import * as vscode from "vscode";
import type { Client } from "./client.ts";
import type { HandlerFiles } from "./handler-files.ts";
import type { OneRun } from "./one-run.ts";
import type { RunStore } from "./run-store.ts";

export interface Extension {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly handlerFiles: HandlerFiles;
  readonly runs: RunStore;
  readonly oneRun: OneRun;
  /** Loads and starts the language client when first called, and again after the server has died. */
  client(): Promise<Client>;
  /** The client if it runs by now. */
  runningClient(): Client | undefined;
}

export function settings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration("poolscope");
}
