// "Profile Again and Compare" as the server answers it, with the bundles that ship.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { profile } from "../../src/session/profile.ts";
import { readConfiguration } from "../../src/session/configuration.ts";
import { CompareSession, type CompareListener } from "../../src/server/compare-session.ts";
import type { CompareParams, CompareProgressParams } from "../../src/protocol/server-messages.ts";

const dist = pathToFileURL(`${resolve("dist")}/`);
const runner = new URL("runner.js", dist);

const text = (result: string): string => `
export function add({ payload }) { return ${result}; }
export function* workload() { for (let n = 0; n < 50; n++) yield { type: "add", payload: n }; }
`;

function start(progress: CompareListener["progress"]): CompareSession {
  return new CompareSession(new URL("compare-thread.cjs", dist), runner, {
    progress,
    output: () => undefined,
  });
}

const ignore = (): void => undefined;

describe("comparing thread of the server", function () {
  this.timeout(600_000);
  let folder = "";
  let params: CompareParams;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    const module = join(folder, "add.js");
    writeFileSync(module, text("payload"));
    const read = readConfiguration(module, { threads: "1", events: "50" });
    assert.ok(read.kind === "read");
    const trace = join(folder, "old.pooltrace");
    const { configuration } = read;
    const request = {
      module,
      root: folder,
      configuration,
      out: trace,
      node: process.execPath,
      runner,
    };
    const listener = {
      started: ignore,
      progress: ignore,
      output: ignore,
      failure: ignore,
      warning: ignore,
    };
    assert.equal((await profile(request, listener).outcome).kind, "ended");
    params = {
      trace,
      out: join(folder, "compared"),
      node: process.execPath,
      useOwnNode: false,
      metric: "p50",
      pairs: 2,
      maxTraceBytes: 2 ** 29,
    };
    writeFileSync(module, text("-payload"));
  });

  after(() => rmSync(folder, { recursive: true }));

  it("answers with the verdict, both traces and its progress", async () => {
    const seen: CompareProgressParams[] = [];
    const session = start((each) => seen.push(each));
    const answering = session.compare(params, [folder]);
    assert.ok(session.isRunning);
    const answer = await answering;
    assert.ok(!session.isRunning);
    assert.ok(answer.kind === "compared", JSON.stringify(answer));
    const { verdict, sentence, before, after, metric } = answer.result;
    assert.equal(verdict, "results-differ", sentence);
    assert.equal(metric, "p50");
    assert.ok(existsSync(before.trace) && existsSync(after.trace));
    assert.equal(before.label.startsWith("add.js as it ran "), true);
    assert.equal(after.label, "add.js as it is now");
    assert.deepEqual(
      seen.map(({ done }) => done),
      [0, 1, 2],
    );
    assert.ok(seen.every(({ total, trace }) => total === 2 && trace === params.trace));
    assert.ok(seen.every((each) => each.of === "versions"));
  });

  it("ends with what was asked: cancelled", async () => {
    const session = start(() => session.cancel());
    assert.deepEqual(await session.compare(params, [folder]), { kind: "cancelled" });
  });

  it("refuses a trace that holds no source", async () => {
    const session = start(() => undefined);
    const answer = await session.compare({ ...params, trace: join(folder, "none.pooltrace") }, [
      folder,
    ]);
    assert.ok(answer.kind === "refused");
    assert.match(answer.problem.message, /can't be read/);
  });

  it("keeps the traces of an earlier comparison of models when the next is cancelled", async () => {
    const seen: CompareProgressParams[] = [];
    const session = start((each) => {
      seen.push(each);
      session.cancel();
    });
    const out = join(folder, "models");
    mkdirSync(out);
    writeFileSync(join(out, "active-object.pooltrace"), "earlier");
    const { trace, node, useOwnNode, maxTraceBytes } = params;
    const answer = await session.compareModels({ trace, out, node, useOwnNode, maxTraceBytes }, [
      folder,
    ]);
    assert.deepEqual(answer, { kind: "cancelled" });
    assert.deepEqual(
      seen.map(({ of, done, total }) => [of, done, total]),
      [["models", 0, 8]],
    );
    assert.deepEqual(readdirSync(out), ["active-object.pooltrace"]);
    assert.ok(!existsSync(`${out}.part`));
  });
});
