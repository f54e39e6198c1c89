// What the checks of source text find, as LSP diagnostics, when the client pulls them: it does on opening a file and after
// each change of what is being looked at, and drops the answer to an older version. A pull waits until typing rests.

import {
  DiagnosticSeverity,
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type Diagnostic,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  type TextDocuments,
} from "vscode-languageserver/node";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { fileURLToPath } from "node:url";
import { staticFindings } from "./static-checks.ts";
import type { StaticFinding, StaticRule } from "./static-finding.ts";

/** Told apart from "Poolscope", whose findings were measured. */
export const staticSource = "Poolscope static";

const documentation = "https://github.com/poolscope/poolscope/blob/main/docs/diagnostics/";
const restMillis = 250;

export class StaticDiagnostics {
  readonly #documents: TextDocuments<TextDocument>;
  readonly #seen = new Set<string>();

  constructor(documents: TextDocuments<TextDocument>) {
    this.#documents = documents;
    documents.onDidClose(({ document }) => this.#seen.delete(document.uri));
  }

  /** Of the text as it is once nobody has typed for a moment. Rejects when the client asks anew meanwhile. */
  async of(
    { textDocument: { uri }, previousResultId }: DocumentDiagnosticParams,
    cancellation: CancellationToken,
  ): Promise<DocumentDiagnosticReport> {
    if (this.#seen.has(uri)) await rest(cancellation);
    const document = this.#documents.get(uri);
    if (document === undefined || !uri.startsWith("file:")) return { kind: "full", items: [] };
    this.#seen.add(uri);
    const found = staticFindings(document.getText(), fileURLToPath(uri));
    if (found === undefined && previousResultId !== undefined) {
      // Half-typed text keeps what was known of it: squiggles that come and go with each key are noise.
      return { kind: "unchanged", resultId: previousResultId };
    }
    const items = (found ?? []).map((each) => diagnosticOf(document, each));
    return { kind: "full", resultId: String(document.version), items };
  }
}

function diagnosticOf(document: TextDocument, finding: StaticFinding): Diagnostic {
  const { rule, severity, message, start, end } = finding;
  return {
    range: { start: document.positionAt(start), end: document.positionAt(end) },
    severity: severity === "warning" ? DiagnosticSeverity.Warning : DiagnosticSeverity.Information,
    source: staticSource,
    code: rule,
    codeDescription: { href: documentationOf(rule) },
    message,
  };
}

function documentationOf(rule: StaticRule): string {
  return `${documentation}${rule}.md`;
}

function rest(cancellation: CancellationToken): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancelled = (): void => {
      clearTimeout(timer);
      listening.dispose();
      reject(new ResponseError(LSPErrorCodes.RequestCancelled, "Typing goes on."));
    };
    const timer = setTimeout(() => {
      listening.dispose();
      resolve();
    }, restMillis);
    const listening = cancellation.onCancellationRequested(cancelled);
    if (cancellation.isCancellationRequested) cancelled();
  });
}
