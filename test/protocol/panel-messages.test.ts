// What the panel's page may say: a page is not trusted to send nothing else.

import assert from "node:assert/strict";
import { checkPageMessage } from "../../src/protocol/panel-messages.ts";

describe("messages of the page", () => {
  it("are taken in each of their forms", () => {
    for (const message of [
      { kind: "ready" },
      { kind: "stop" },
      { kind: "profile-again" },
      { kind: "compare" },
      { kind: "show-output" },
      { kind: "open-version", version: "before" },
      { kind: "tiles", wanted: [{ level: 3, index: 0 }] },
      { kind: "details", request: 1, place: { lane: 0, time: 5.5, row: "span" } },
      {
        kind: "neighbour",
        request: 2,
        place: { lane: 0, time: 5, row: "state" },
        direction: "next",
      },
      { kind: "range", request: 3, from: 0, to: 10 },
      { kind: "events", request: 4, from: 0, order: "slowest" },
      { kind: "open", file: "a.ts", line: 1, column: 2 },
      { kind: "fix", identity: "x" },
      { kind: "explain", identity: "x" },
      { kind: "ignore", identity: "x" },
    ]) {
      assert.deepEqual(checkPageMessage(message), message);
    }
  });

  it("lose what does not belong to them", () => {
    assert.deepEqual(checkPageMessage({ kind: "stop", command: "rm" }), { kind: "stop" });
  });

  it("are refused when a field is missing, of another type, or out of bounds", () => {
    for (const message of [
      undefined,
      "stop",
      { kind: "run" },
      { kind: "open", file: 1, line: 1, column: 1 },
      { kind: "open", file: "a.ts", line: -1, column: 1 },
      { kind: "open-version", version: "../x" },
      { kind: "details", request: 1, place: { lane: 0, time: 5, row: "elsewhere" } },
      { kind: "details", request: 1, place: { lane: -1, time: 5, row: "state" } },
      { kind: "neighbour", request: 1, place: { lane: 0, time: 5, row: "state" } },
      { kind: "tiles", wanted: Array.from({ length: 65 }, () => ({ level: 0, index: 0 })) },
      { kind: "range", request: 1, from: Number.NaN, to: 1 },
      { kind: "ignore" },
    ]) {
      assert.equal(checkPageMessage(message), undefined, JSON.stringify(message));
    }
  });
});
