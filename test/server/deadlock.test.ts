// A deadlock stands in the editor while the run still hangs; the server ends that run by itself.

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import type { ProfileAnswer, ProfileParams } from "../../src/protocol/server-messages.ts";

interface Published {
  readonly uri: string;
  readonly diagnostics: readonly {
    readonly code: string;
    readonly message: string;
    readonly relatedInformation: readonly { readonly message: string }[];
  }[];
}

const module = resolve("test/fixtures/handlers/crossed.mjs");

describe("a run that hangs in a deadlock, in the editor", () => {
  let server: ChildProcess;
  let connection: MessageConnection;
  let folder = "";

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
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
      initializationOptions: { trusted: true, dist: resolve("dist"), pipe },
    });
    await connection.sendNotification("initialized", {});
  });
  after(async () => {
    await connection.sendRequest("shutdown");
    await connection.sendNotification("exit");
    connection.dispose();
    rmSync(folder, { recursive: true });
  });

  it("has a diagnostic before its end, which then comes with the reason", async () => {
    const published = new Promise<Published>((done) => {
      connection.onNotification("textDocument/publishDiagnostics", (params: Published) => {
        if (params.diagnostics.length > 0) done(params);
      });
    });
    const params: ProfileParams = {
      ...{ module, out: join(folder, "crossed.pooltrace"), node: process.execPath },
      ...{ useOwnNode: false, settings: { threads: "2", duration: "600" } },
      ...{ maxTraceBytes: 2 ** 28, previous: undefined },
    };
    const answer = connection.sendRequest<ProfileAnswer>("poolscope/profile", params);
    const first = await Promise.race([published, answer]);
    assert.ok("diagnostics" in first, "it is told before the run is over");
    assert.equal(first.uri, pathToFileURL(module).href);
    const [diagnostic] = first.diagnostics;
    assert.equal(diagnostic?.code, "deadlock");
    assert.match(
      diagnostic.message,
      /thread \d waits for "(?:left|right)" \(.*crossed\.mjs:\d+\), held/,
    );
    assert.ok(diagnostic.relatedInformation.some(({ message }) => message.includes("holds it")));
    const ended = await answer;
    assert.ok(ended.kind === "ended");
    assert.equal(ended.reason, "failed");
    assert.match(ended.message, /^Deadlock/);
  }).timeout(120_000);
});
