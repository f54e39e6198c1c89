// "Use This Model": the edit that writes a concurrency model into the poolscope.json of a module.

import type { TextDocument } from "vscode-languageserver-textdocument";
import type { UseModelAnswer, UseModelParams } from "../protocol/server-messages.ts";
import { configurationEdit } from "./edits/configuration-edit.ts";
import { configurationWorkspaceEdit } from "./workspace-edits.ts";

/** `openDocument` gives a file's document, if it is open in the editor. */
export function useModel(
  { module, model }: UseModelParams,
  openDocument: (file: string) => TextDocument | undefined,
): UseModelAnswer {
  const textOf = (file: string): string | undefined => openDocument(file)?.getText();
  const found = configurationEdit(module, "model", model, textOf);
  switch (found.kind) {
    case "edit":
      return {
        kind: "edit",
        file: found.file,
        edit: configurationWorkspaceEdit(found, openDocument(found.file)),
      };
    case "set-already":
      return found;
    case "unreadable":
      return {
        kind: "refused",
        message: `${found.file} is no complete JSON: put it right, then choose the model again.`,
      };
  }
}
