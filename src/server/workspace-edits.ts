// Edits of ours as the client is to make them: one undo step each, in the document as the editor has it or in the file.

import { pathToFileURL } from "node:url";
import type { TextDocumentEdit, WorkspaceEdit } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { ConfigurationEdit } from "./edits/configuration-edit.ts";
import type { SourceEdit } from "./edits/source-edit.ts";

const annotation = "may-change-behaviour";

/** What may change behaviour is shown as a preview before it is done, with the reason. */
export function workspaceEdit(
  { title, risk, changes }: SourceEdit,
  document: TextDocument,
  version: number | null,
): WorkspaceEdit {
  const edits = changes.map(({ start, end, text }) => ({
    range: { start: document.positionAt(start), end: document.positionAt(end) },
    newText: text,
    ...(risk === undefined ? {} : { annotationId: annotation }),
  }));
  const change: TextDocumentEdit = { textDocument: { uri: document.uri, version }, edits };
  if (risk === undefined) return { documentChanges: [change] };
  return {
    documentChanges: [change],
    changeAnnotations: {
      [annotation]: { label: title, needsConfirmation: true, description: risk },
    },
  };
}

/** `open` is the file's document, if it is open in the editor. */
export function configurationWorkspaceEdit(
  { file, text, creates, edit }: ConfigurationEdit,
  open: TextDocument | undefined,
): WorkspaceEdit {
  const uri = open?.uri ?? pathToFileURL(file).href;
  const target = open ?? TextDocument.create(uri, "json", 0, text);
  const made = workspaceEdit(edit, target, open?.version ?? null);
  const creation = creates ? [{ kind: "create" as const, uri }] : [];
  return { ...made, documentChanges: [...creation, ...(made.documentChanges ?? [])] };
}
