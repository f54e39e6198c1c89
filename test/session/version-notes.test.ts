// What a comparison says of two configurations that differ.

import assert from "node:assert/strict";
import {
  defaultConfiguration,
  type RunConfiguration,
} from "../../src/protocol/run-configuration.ts";
import { versionNotes } from "../../src/session/versions.ts";

type Changes = Partial<RunConfiguration>;

const version = (changes: Changes): Parameters<typeof versionNotes>[0] => ({
  module: "/project/a.ts",
  root: "/project",
  texts: {},
  configuration: { ...defaultConfiguration, ...changes },
});

const notes = (before: Changes, after: Changes): string =>
  versionNotes(version(before), version(after)).join(" ");

describe("notes on two versions", () => {
  it("say which settings differ, and how", () => {
    assert.match(notes({ threads: 2 }, { threads: 4 }), /differs too: threads 2 → 4\./);
    assert.match(notes({}, { retries: 2 }), /retries .* → 2\./);
    assert.equal(notes({ threads: 2 }, { threads: 2 }), "");
  });

  it("say that values of the environment and of arguments differ, and none of them", () => {
    const told = notes(
      { env: { KEY: "hunter2", REGION: "eu" }, execArgv: ["--title=hunter2"] },
      { env: { KEY: "hunter3", REGION: "eu" }, execArgv: ["--title=hunter3"] },
    );
    assert.doesNotMatch(told, /hunter/);
    assert.match(told, /env \(in values that are not shown\), execArgv \(in values/);
    assert.match(notes({}, { env: { KEY: "hunter2" } }), /env \[\] → \["KEY"\]/);
  });
});
