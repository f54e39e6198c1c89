// Keeps the editor's diagnostics in step: with the newest runs, with the text as it is typed, with what is ignored. Also for
// files that are not open.

import { fileURLToPath, pathToFileURL } from "node:url";
import type { Connection, TextDocuments } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { isIgnored } from "../session/ignored.ts";
import { readWithin, reachOf, type OpenedFolders } from "../session/named-files.ts";
import { diagnosticsOf } from "./diagnostics.ts";
import type { OtherFile } from "./source/other-files.ts";
import {
  filesBeside,
  filesOf,
  mostBytesOf,
  placedFindings,
  type PlacedFinding,
  type ShownRun,
} from "./placed-findings.ts";

export class EditorFindings {
  readonly #connection: Connection;
  readonly #documents: TextDocuments<TextDocument>;
  /** Newest first, one for each module. */
  #runs: readonly ShownRun[] = [];
  #shown = new Set<string>();
  #opened: OpenedFolders = { trusted: false, folders: [] };

  constructor(connection: Connection, documents: TextDocuments<TextDocument>) {
    this.#connection = connection;
    this.#documents = documents;
  }

  get runs(): readonly ShownRun[] {
    return this.#runs;
  }

  /** What may be read is another now. */
  folderOpened(opened: OpenedFolders): void {
    this.#opened = opened;
    this.#runs = this.#runs.map((run) => this.#withReach(run));
    this.refresh();
  }

  /** A run of a module takes the place of the one before it. */
  add(added: Omit<ShownRun, "reach">): void {
    const run = this.#withReach(added);
    const { module } = run.findings.report.run;
    const { root } = run.findings;
    const others = this.#runs.filter(
      ({ findings }) => findings.root !== root || findings.report.run.module !== module,
    );
    this.#runs = [run, ...others];
    this.refresh();
  }

  remove(trace: string): void {
    this.#runs = this.#runs.filter((run) => run.trace !== trace);
    this.refresh();
  }

  refresh(): void {
    const files = filesOf(this.#runs);
    for (const file of new Set([...this.#shown, ...files])) this.refreshFile(file);
    this.#shown = files;
  }

  refreshFile(file: string): void {
    const uri = this.#uriOf(file);
    const placed = this.at(file);
    // What has changed and is saved rests on nothing any more; while it is being typed it is shown as stale.
    const isOpen = this.#documents.get(uri) !== undefined;
    const shown = placed.filter(
      ({ at }) => at.kind === "here" || (isOpen && this.#isUnsaved(file)),
    );
    void this.#connection.sendDiagnostics({ uri, diagnostics: diagnosticsOf(shown) });
  }

  /** The findings in a file, placed on its present text; empty when it can't be read. */
  at(file: string): readonly PlacedFinding[] {
    const text = this.#textOf(file);
    return text === undefined ? [] : placedFindings(this.#runs, file, text, isIgnored);
  }

  /** The other files of the runs in which this one was, as they are now. */
  beside(file: string): readonly OtherFile[] {
    return filesBeside(this.#runs, file, (other) => this.#textOf(other));
  }

  #withReach(run: Omit<ShownRun, "reach">): ShownRun {
    const { root, provenance } = run.findings;
    return { ...run, reach: reachOf(this.#opened, root, provenance) };
  }

  #isUnsaved(file: string): boolean {
    const text = this.#documents.get(this.#uriOf(file))?.getText();
    const saved = this.#savedText(file);
    return saved !== undefined && saved !== text;
  }

  #textOf(file: string): string | undefined {
    return this.#documents.get(this.#uriOf(file))?.getText() ?? this.#savedText(file);
  }

  /** Of a file that a run names and that is within its reach. */
  #savedText(file: string): string | undefined {
    for (const run of this.#runs) {
      const mostBytes = mostBytesOf(run, file);
      const bytes = mostBytes === undefined ? undefined : readWithin(run.reach, file, mostBytes);
      if (bytes !== undefined) return Buffer.from(bytes).toString("utf8");
    }
    return undefined;
  }

  /** As the client writes it where the file is open: clients differ in what they escape. */
  #uriOf(file: string): string {
    const open = this.#documents.keys().find((uri) => pathOf(uri) === file);
    return open ?? pathToFileURL(file).href;
  }
}

export function pathOf(uri: string): string | undefined {
  return uri.startsWith("file:") ? fileURLToPath(uri) : undefined;
}
