// The folders that a window has open, as LSP tells of them; what lies elsewhere than on this machine's disks is none of them.

import type {
  InitializeParams,
  WorkspaceFolder,
  WorkspaceFoldersChangeEvent,
} from "vscode-languageserver/node";
import type { OpenedFolders } from "../session/named-files.ts";
import { pathOf } from "./editor-findings.ts";

export function openedFolders(
  { workspaceFolders }: InitializeParams,
  trusted: boolean,
): OpenedFolders {
  return { trusted, folders: pathsOf(workspaceFolders ?? []) };
}

export function openedAfter(
  { trusted, folders }: OpenedFolders,
  { added, removed }: WorkspaceFoldersChangeEvent,
): OpenedFolders {
  const gone = pathsOf(removed);
  return {
    trusted,
    folders: [...folders.filter((each) => !gone.includes(each)), ...pathsOf(added)],
  };
}

function pathsOf(folders: readonly WorkspaceFolder[]): string[] {
  return folders.flatMap(({ uri }) => pathOf(uri) ?? []);
}
