// A trace whose thread dies, before it told anything or after: whoever looks at it is told why, now and later.

import assert from "node:assert/strict";
import type { PanelState } from "../../src/protocol/panel-state.ts";
import { OpenTrace, type TraceListener } from "../../src/server/open-trace.ts";
import { until } from "../support/until.ts";

const start = {
  path: "/a/b.pooltrace",
  running: false,
  previous: undefined,
  cutBecause: undefined,
  opened: { trusted: true, folders: [] },
};

function dying(before = ""): URL {
  const text = `const { parentPort } = require("node:worker_threads"); ${before} throw new Error("no room");`;
  return new URL(
    `data:text/javascript,${encodeURIComponent(`import { createRequire } from "node:module"; const require = createRequire("file:///x.js"); ${text}`)}`,
  );
}

function listener(into: PanelState[]): TraceListener {
  return { state: (state) => void into.push(state), tile: () => undefined };
}

describe("a trace whose thread dies", () => {
  for (const [when, before] of [
    ["before it told anything", ""],
    [
      "after it told a state",
      'parentPort.postMessage({ kind: "state", state: { title: "known" } });',
    ],
  ] as const) {
    it(`tells why, to those who listen and to those who come later: ${when}`, async () => {
      const trace = new OpenTrace(dying(before), start);
      const seen: PanelState[] = [];
      trace.listen(listener(seen));
      assert.equal(await trace.findings, undefined);
      await until("the panel is told", () => seen.at(-1)?.status === "unreadable");
      assert.match(seen.at(-1)?.statusText ?? "", /could not be read to its end: no room/);
      assert.equal(seen.at(-1)?.title, before === "" ? "b.pooltrace" : "known");
      const late: PanelState[] = [];
      trace.listen(listener(late));
      assert.equal(late[0]?.status, "unreadable");
      assert.equal(await trace.ask({ kind: "range", from: 0, to: 1 }), null);
      trace.close();
    });
  }
});
