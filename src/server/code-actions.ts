// What a person can do about a finding: change the source or poolscope.json where the evidence names that remedy, look at it
// on the timeline, read about it, have it ignored.

import { CodeActionKind, type CodeAction, type Diagnostic } from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { fileURLToPath } from "node:url";
import type { Remedy } from "../analysis/report.ts";
import type { FindingData } from "../protocol/finding-data.ts";
import { rangeOf } from "./diagnostics.ts";
import { configurationEdit } from "./edits/configuration-edit.ts";
import { editsOfCheck, editsOfRemedy } from "./edits/edits.ts";
import { offered, type Edit, type SourceEdit } from "./edits/source-edit.ts";
import type { PlacedFinding } from "./placed-findings.ts";
import { handlerSource, type HandlerSource } from "./source/handler-source.ts";
import type { OtherFile } from "./source/other-files.ts";
import { staticSource } from "./static/static-diagnostics.ts";
import type { StaticRule } from "./static/static-finding.ts";
import { configurationWorkspaceEdit, workspaceEdit } from "./workspace-edits.ts";

export interface ActionContext {
  /** The findings in the document's file. */
  readonly placed: readonly PlacedFinding[];
  /** A file's document, if it is open in the editor. */
  readonly openDocument: (file: string) => TextDocument | undefined;
  /** The other files that ran in the same pool as the document's. */
  readonly beside: readonly OtherFile[];
}

export function codeActionsFor(
  document: TextDocument,
  diagnostics: readonly Diagnostic[],
  context: ActionContext,
): CodeAction[] {
  const ours = diagnostics.filter(
    ({ source }) => source === "Poolscope" || source === staticSource,
  );
  if (ours.length === 0) return [];
  const source = handlerSource(document.getText(), fileURLToPath(document.uri), context.beside);
  return ours.flatMap((diagnostic) => {
    const offset = document.offsetAt(diagnostic.range.start);
    if (diagnostic.source === staticSource) {
      const edits = editsOf(source, offset, editsOfCheck[diagnostic.code as StaticRule]);
      return editActions(document, diagnostic, edits);
    }
    const remedies = remediesAt(context.placed, diagnostic);
    const edits = remedies.flatMap((remedy) =>
      remedy.kind === "configuration" ? [] : editsOf(source, offset, editsOfRemedy[remedy.kind]),
    );
    return [
      ...editActions(document, diagnostic, edits),
      ...configurationActions(document, diagnostic, remedies, context),
      ...commands(document.uri, diagnostic),
    ];
  });
}

/** Of all findings whose diagnostic this one is, once each, as the evidence ranks them. */
function remediesAt(placed: readonly PlacedFinding[], diagnostic: Diagnostic): Remedy[] {
  const { line, character } = diagnostic.range.start;
  const remedies = placed
    .filter((each) => {
      const { start } = rangeOf(each);
      return start.line === line && start.character === character && each.at.kind === "here";
    })
    .flatMap(({ finding }) => finding.remedies);
  return [...new Map(remedies.map((remedy) => [JSON.stringify(remedy), remedy])).values()];
}

function editsOf(
  source: HandlerSource | undefined,
  offset: number,
  edits: readonly Edit[] = [],
): SourceEdit[] {
  if (source === undefined) return [];
  return edits.flatMap((edit) => offered(edit, source, offset) ?? []);
}

/** The first that is proven to leave behaviour as it is may be taken without a second look. */
function editActions(
  document: TextDocument,
  diagnostic: Diagnostic,
  edits: readonly SourceEdit[],
): CodeAction[] {
  const preferred = edits.find(({ risk }) => risk === undefined);
  return edits.map((edit) => ({
    title: titleOf(edit),
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    isPreferred: edit === preferred,
    edit: workspaceEdit(edit, document, document.version),
    ...comparison(document.uri, diagnostic),
  }));
}

function configurationActions(
  document: TextDocument,
  diagnostic: Diagnostic,
  remedies: readonly Remedy[],
  { openDocument }: ActionContext,
): CodeAction[] {
  return remedies.flatMap((remedy): CodeAction[] => {
    if (remedy.kind !== "configuration") return [];
    const { key, value } = remedy;
    const textOf = (file: string): string | undefined => openDocument(file)?.getText();
    const found = configurationEdit(fileURLToPath(document.uri), key, value, textOf);
    if (found.kind !== "edit") return [];
    return [
      {
        title: titleOf(found.edit),
        kind: CodeActionKind.QuickFix,
        diagnostics: [diagnostic],
        edit: configurationWorkspaceEdit(found, openDocument(found.file)),
        ...comparison(document.uri, diagnostic),
      },
    ];
  });
}

/** Once the edit is made: whether it helped is what the person wants to know next. A check has no run to compare with. */
function comparison(uri: string, { data }: Diagnostic): Pick<CodeAction, "command"> {
  if (data === undefined) return {};
  const { trace } = data as FindingData;
  const title = "Profile Again and Compare";
  return { command: { title, command: "poolscope.offerCompare", arguments: [trace, uri] } };
}

function titleOf({ title, risk }: SourceEdit): string {
  return risk === undefined ? title : `${title} (may change behaviour)`;
}

function commands(uri: string, diagnostic: Diagnostic): CodeAction[] {
  const data = diagnostic.data as FindingData | undefined;
  if (data === undefined) return [];
  const action = (title: string, command: string, given: unknown[]): CodeAction => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    command: { title, command, arguments: given },
  });
  return [
    action("Show in timeline", "poolscope.showInTimeline", [data]),
    action("Explain this finding", "poolscope.explain", [data.page]),
    action("Ignore this finding", "poolscope.ignore", [uri, data.identity]),
  ];
}
