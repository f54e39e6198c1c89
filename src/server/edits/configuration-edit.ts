// A key of poolscope.json is set, in the file's own formatting; the file is made where there is none.

import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { applyEdits, modify, parse, type ParseError } from "jsonc-parser";
import type { SourceEdit } from "./source-edit.ts";

export interface ConfigurationEdit {
  readonly kind: "edit";
  /** Absolute path of the poolscope.json. */
  readonly file: string;
  /** The file is not there yet. */
  readonly creates: boolean;
  /** Its text before the edit; empty where it is not there yet. */
  readonly text: string;
  readonly edit: SourceEdit;
}

type FoundEdit =
  | ConfigurationEdit
  | { readonly kind: "set-already"; readonly file: string }
  /** Half-typed JSON is not edited: the editor says what is wrong with it. */
  | { readonly kind: "unreadable"; readonly file: string };

/** What other values than the present one may bring, beyond another speed. */
const risks: Readonly<Record<string, string>> = {
  concurrentEvents:
    "Turns of one thread take turns at each await: what a handler keeps in the module's variables may change meanwhile.",
  queue: "Events are handled in another order.",
  whenFull: "Events may be turned away when the queue is full.",
  admission: "Events may be turned away when the pool is overloaded.",
};

/** `module` is the handlers' file; `textOf` gives a file's text as the editor has it, if it is open there. */
export function configurationEdit(
  module: string,
  key: string,
  value: string | number,
  textOf: (file: string) => string | undefined,
): FoundEdit {
  const file = configurationFor(dirname(module));
  const open = textOf(file);
  const creates = open === undefined && !existsSync(file);
  const text = open ?? (creates ? "{}\n" : readFileSync(file, "utf8"));
  const errors: ParseError[] = [];
  const present: unknown = parse(text, errors);
  if (errors.length > 0 || typeof present !== "object" || present === null) {
    return { kind: "unreadable", file };
  }
  if ((present as Record<string, unknown>)[key] === value) return { kind: "set-already", file };
  const changes = modify(text, [key], value, { formattingOptions: formattingOf(text) });
  const title = `Set "${key}" to ${JSON.stringify(value)} in poolscope.json`;
  const edit = creates
    ? { title, changes: [{ start: 0, end: 0, text: applyEdits(text, changes) }] }
    : {
        title,
        changes: changes.map(({ offset, length, content }) => ({
          start: offset,
          end: offset + length,
          text: content,
        })),
      };
  const risk = risks[key];
  return { kind: "edit", file, creates, text: creates ? "" : text, edit: { ...edit, risk } };
}

function formattingOf(text: string): { insertSpaces: boolean; tabSize: number; eol: string } {
  const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? "  ";
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  return { insertSpaces: !indent.startsWith("\t"), tabSize: indent.length, eol };
}

/** The nearest one up to the package's folder; else a new one there. */
function configurationFor(folder: string): string {
  const file = join(folder, "poolscope.json");
  const parent = dirname(folder);
  const isLast = parent === folder || existsSync(join(folder, "package.json"));
  return existsSync(file) || isLast ? file : configurationFor(parent);
}
