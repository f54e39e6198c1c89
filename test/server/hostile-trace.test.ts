// A trace that somebody else made, opened in the editor: what the server says of it, and what it refuses, in a window that is trusted
// and in one that is not.

import assert from "node:assert/strict";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from "vscode-jsonrpc/node";
import type { PanelState } from "../../src/protocol/panel-state.ts";
import {
  serverMethods,
  type CompareAnswer,
  type CompareParams,
  type OpenTraceAnswer,
  type SourceAnswer,
  type TraceStateParams,
} from "../../src/protocol/server-messages.ts";
import { chunksOf } from "../support/sealed-file.ts";

const fromElsewhere =
  /^This trace was not recorded by this installation: it does not end with a seal\./;

function saysItsOrigin({ problems }: PanelState): boolean {
  return problems.some((problem) => fromElsewhere.test(problem));
}

describe("a trace from elsewhere in the editor", function () {
  this.timeout(120_000);
  let folder = "";
  let trace = "";
  let marker = "";
  let outside = "";
  let server: ChildProcess;
  let connection: MessageConnection;
  let states: Map<number, PanelState>;
  let stateCame: () => void;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    outside = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    trace = join(folder, "theirs.pooltrace");
    marker = join(outside, "it-ran");
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    mkdirSync(join(folder, "src"));
    writeFileSync(join(folder, "src/a.js"), "export default () => 1;");
    writeFileSync(join(outside, "b.js"), "secret");
    const pipe = join(outside, "pipe.js");
    if (process.platform !== "win32") execFileSync("mkfifo", [pipe]);
    const mark = `import { writeFileSync } from "node:fs";
      writeFileSync(${JSON.stringify(marker)}, "");`;
    const chunks = chunksOf({
      header: { root: folder, module: "src/a.js", configuration: { execArgv: ["--evil"] } },
      sources: {
        "src/a.js": mark,
        [join(outside, "b.js")]: "b",
        [pipe]: "p",
        "/dev/zero": "z",
      },
    });
    writeFileSync(trace, Buffer.concat(chunks));
  });
  after(() => {
    for (const each of [folder, outside]) rmSync(each, { recursive: true });
  });
  afterEach(async () => {
    await connection.sendRequest("shutdown");
    await connection.sendNotification("exit");
    connection.dispose();
  });

  async function start(trusted: boolean): Promise<void> {
    server = spawn(process.execPath, ["dist/server.cjs", "--stdio"], { stdio: "pipe" });
    assert.ok(server.stdout !== null && server.stdin !== null);
    connection = createMessageConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    states = new Map();
    stateCame = () => undefined;
    connection.onNotification(serverMethods.traceState, (params: TraceStateParams) => {
      states.set(params.trace, params.state);
      stateCame();
    });
    connection.listen();
    const pipe = join(tmpdir(), `poolscope-test-${randomUUID()}.sock`);
    await connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "folder" }],
      capabilities: { workspace: { workspaceFolders: true } },
      initializationOptions: { trusted, dist: join(process.cwd(), "dist"), pipe },
    });
    await connection.sendNotification("initialized", {});
  }

  async function opened(): Promise<number> {
    const params = { path: trace, previous: undefined, cutBecause: undefined };
    const answer = await connection.sendRequest<OpenTraceAnswer>(serverMethods.openTrace, params);
    return answer.trace;
  }

  async function stateOf(
    number: number,
    isIt: (state: PanelState) => boolean,
  ): Promise<PanelState> {
    for (;;) {
      const state = states.get(number);
      if (state !== undefined && isIt(state)) return state;
      await new Promise<void>((resolve) => {
        stateCame = resolve;
      });
    }
  }

  const sourceOf = (number: number, file: string): Promise<SourceAnswer> =>
    connection.sendRequest<SourceAnswer>(serverMethods.source, { trace: number, file });

  const compare = (consent?: string): Promise<CompareAnswer> => {
    const params: CompareParams = {
      trace,
      out: join(folder, "compared"),
      node: process.execPath,
      useOwnNode: false,
      metric: "p50",
      pairs: 1,
      maxTraceBytes: 2 ** 29,
      ...(consent === undefined ? {} : { consent }),
    };
    return connection.sendRequest<CompareAnswer>(serverMethods.compare, params);
  };

  it("reads nothing and runs nothing in a window that is not trusted, consent or not", async () => {
    await start(false);
    const number = await opened();
    const state = await stateOf(number, saysItsOrigin);
    assert.deepEqual(state.changed, []);
    assert.ok(
      state.problems.includes(
        "The workspace is not trusted: no file that the trace names was read.",
      ),
    );
    assert.equal((await sourceOf(number, "src/a.js")).kind, "text");
    for (const consent of [undefined, "any", "named"]) {
      const answer = await compare(consent);
      assert.ok(answer.kind === "refused");
      assert.match(answer.problem.message, /the workspace is not trusted/);
    }
    assert.ok(!existsSync(marker));
  });

  it("reads what is open once the window is trusted", async () => {
    await start(false);
    const number = await opened();
    await stateOf(number, saysItsOrigin);
    await connection.sendNotification(serverMethods.trust, true);
    const state = await stateOf(number, ({ changed }) => changed.length > 0);
    assert.deepEqual(state.changed, ["src/a.js"]);
  });

  it("reads only what is open, and says what it left alone", async () => {
    await start(true);
    const number = await opened();
    const state = await stateOf(number, saysItsOrigin);
    assert.deepEqual(state.changed, ["src/a.js"]);
    const left = state.problems.find((problem) => problem.startsWith("Outside of the folders"));
    assert.ok(left?.includes(join(outside, "b.js")) && left.includes("/dev/zero"), left);
    const path = join(folder, "src/a.js");
    assert.deepEqual(await sourceOf(number, "src/a.js"), { kind: "file", path });
    assert.deepEqual(await sourceOf(number, join(outside, "b.js")), { kind: "text", text: "b" });
    assert.deepEqual(await sourceOf(number, "/etc/passwd"), { kind: "none" });
    assert.deepEqual(await sourceOf(number, "//host/share/a.js"), { kind: "none" });
  });

  it("asks before its sources run, shows them, and takes consent for just them", async () => {
    await start(true);
    let answer = await compare();
    assert.ok(answer.kind === "ask-trust", JSON.stringify(answer));
    const { question } = answer;
    assert.match(question.message, fromElsewhere);
    assert.match(question.message, /Comparing runs its sources: src\/a\.js, /);
    assert.equal(question.sources.length, 4);
    for (const wrong of ["any", "named", "", question.content.replace(/./, "x")]) {
      answer = await compare(wrong);
      assert.equal(answer.kind, "ask-trust");
    }
    assert.ok(!existsSync(marker));
    answer = await compare(question.content);
    assert.ok(answer.kind === "refused", JSON.stringify(answer));
    // It was run: that it has no handlers could not be known before.
    assert.ok(existsSync(marker), answer.problem.message);
    rmSync(marker);
  });

  it("asks anew about a trace whose sources have changed", async () => {
    await start(true);
    const first = await compare();
    assert.ok(first.kind === "ask-trust");
    const header = { root: folder, module: "src/a.js" };
    writeFileSync(trace, Buffer.concat(chunksOf({ header, sources: { "src/a.js": "evil" } })));
    const second = await compare(first.question.content);
    assert.ok(second.kind === "ask-trust");
    assert.notEqual(second.question.content, first.question.content);
  });
});
