// The language server as it ships, spoken to as an editor does: diagnostics that are pulled while typing, code actions for
// them.

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  CancellationTokenSource,
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";

interface Diagnostic {
  readonly source: string;
  readonly code: string;
  readonly range: { readonly start: { readonly line: number; readonly character: number } };
  readonly codeDescription: { readonly href: string };
}

interface Report {
  readonly kind: "full" | "unchanged";
  readonly resultId: string;
  readonly items: readonly Diagnostic[];
}

interface CodeAction {
  readonly title: string;
  readonly isPreferred: boolean;
  readonly edit: {
    readonly documentChanges: readonly {
      readonly edits: readonly { readonly newText: string }[];
    }[];
    readonly changeAnnotations?: Readonly<Record<string, { readonly needsConfirmation: boolean }>>;
  };
}

const uri = pathToFileURL(join(tmpdir(), "handlers.ts")).href;
const textDocument = { uri };
const handlers = `import { readFileSync } from "node:fs";
import type { Handler } from "poolscope";
export const load: Handler = async (event, ctx) => {
  const size = readFileSync("a").length;
  const guard = ctx.mutex("a").acquire();
  check(size);
  guard.release();
};
`;

describe("the language server", () => {
  let server: ChildProcess;
  let connection: MessageConnection;
  let version = 1;

  before(async () => {
    server = spawn(process.execPath, ["dist/server.cjs", "--stdio"], { stdio: "pipe" });
    assert.ok(server.stdout !== null && server.stdin !== null);
    connection = createMessageConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    connection.listen();
    const pipe = join(tmpdir(), `poolscope-test-${randomUUID()}.sock`);
    await connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: {},
      initializationOptions: { trusted: false, dist: join(process.cwd(), "dist"), pipe },
    });
    await connection.sendNotification("initialized", {});
    await connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "typescript", version, text: handlers },
    });
  });
  after(async () => {
    await connection.sendRequest("shutdown");
    await connection.sendNotification("exit");
    connection.dispose();
  });

  const change = (text: string): Promise<void> =>
    connection.sendNotification("textDocument/didChange", {
      textDocument: { uri, version: ++version },
      contentChanges: [{ text }],
    });
  const pull = (previousResultId?: string): Promise<Report> =>
    connection.sendRequest("textDocument/diagnostic", { textDocument, previousResultId });

  it("finds mistakes without a run, each with its rule and page", async () => {
    const { kind, items } = await pull();
    assert.equal(kind, "full");
    assert.deepEqual(
      items.map(({ source, code, range }) => [source, code, range.start]),
      [
        ["Poolscope static", "sync-call-in-async-handler", { line: 3, character: 15 }],
        ["Poolscope static", "release-not-on-every-path", { line: 4, character: 31 }],
      ],
    );
    assert.match(
      items[0]?.codeDescription.href ?? "",
      /docs\/diagnostics\/sync-call-in-async-handler\.md$/,
    );
  });

  it("offers what mends them: at once where that is safe, as a preview elsewhere", async () => {
    const { items } = await pull();
    const actions = await Promise.all(
      items.map((diagnostic) =>
        connection.sendRequest<readonly CodeAction[]>("textDocument/codeAction", {
          textDocument,
          range: diagnostic.range,
          context: { diagnostics: [diagnostic] },
        }),
      ),
    );
    const [awaits, releases] = actions.map(([first]) => first);
    assert.equal(
      awaits?.title,
      "Await readFile() instead of blocking the thread (may change behaviour)",
    );
    assert.equal(awaits.isPreferred, false);
    const annotations = Object.values(awaits.edit.changeAnnotations ?? {});
    assert.deepEqual(
      annotations.map(({ needsConfirmation }) => needsConfirmation),
      [true],
    );
    assert.equal(releases?.title, 'Release "guard" on every path');
    assert.equal(releases.isPreferred, true);
    assert.equal(releases.edit.changeAnnotations, undefined);
  });

  it("follows the text as it is typed, and drops the question about an older one", async () => {
    await change(handlers.replace("readFileSync", "later"));
    const older = new CancellationTokenSource();
    const dropped = connection
      .sendRequest("textDocument/diagnostic", { textDocument }, older.token)
      .then(
        () => "answered",
        () => "dropped",
      );
    await change(handlers.replace("check(size);", "guard.release();\n  check(size);"));
    older.cancel();
    assert.equal(await dropped, "dropped");
    const { items } = await pull();
    assert.deepEqual(
      items.map(({ code }) => code),
      ["sync-call-in-async-handler"],
    );
  });

  it("says nothing new of text that does not parse", async () => {
    await change(handlers);
    const { resultId } = await pull();
    await change(`${handlers}\nconst x = (`);
    assert.deepEqual(await pull(resultId), { kind: "unchanged", resultId });
  });
});
