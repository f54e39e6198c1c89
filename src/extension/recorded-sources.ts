// Sources as a trace has them, shown as documents that can't be changed: there is no file behind them.

import * as vscode from "vscode";

const scheme = "poolscope-recorded";

export interface RecordedSource {
  /** As the trace names it. */
  readonly path: string;
  readonly text: string;
}

/** By the URI of the document that shows it. */
const texts = new Map<string, string>();

/** Registered once, by activate. */
export function recordedSources(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? "",
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => texts.delete(uri.toString())),
  );
}

export async function showRecorded(
  { path, text }: RecordedSource,
  selection?: vscode.Range,
): Promise<void> {
  const uri = uriOf(path, text);
  texts.set(uri.toString(), text);
  await vscode.window.showTextDocument(uri, {
    viewColumn: vscode.ViewColumn.One,
    preview: false,
    ...(selection === undefined ? {} : { selection }),
  });
}

/** Another text of the same name is another document. */
function uriOf(path: string, text: string): vscode.Uri {
  const known = [...texts].find(([uri, shown]) => {
    return shown === text && vscode.Uri.parse(uri).path.endsWith(nameIn(path));
  });
  if (known !== undefined) return vscode.Uri.parse(known[0]);
  return vscode.Uri.from({ scheme, path: `/${texts.size + 1}${nameIn(path)}` });
}

function nameIn(path: string): string {
  const parts = path.split(/[\\/]/).filter((part) => part !== "" && part !== "..");
  return `/${parts.join("/")}`;
}
