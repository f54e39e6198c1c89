// Which files an edit must look at beside the one it changes.

import assert from "node:assert/strict";
import { join } from "node:path";
import { filesBeside } from "../../src/server/placed-findings.ts";

const root = join("/", "project");
type Ran = Parameters<typeof filesBeside>[0][number];

const ran = (texts: Readonly<Record<string, string>>): Ran => ({
  reach: [{ named: root, real: root }],
  findings: {
    root,
    sources: Object.entries(texts).map(([path, text]) => ({ path, text, sha256: "" })),
  },
});

describe("the files beside a handler file", () => {
  const runs = [
    ran({ "main.ts": "main", "cells.ts": "as it ran", "gone.ts": "gone" }),
    ran({ "alone.ts": "alone" }),
    ran({ "main.ts": "main", "rows.ts": "rows" }),
  ];
  const present = new Map([[join(root, "cells.ts"), "as it is now"]]);
  const beside = (file: string): string[] =>
    filesBeside(runs, join(root, file), (other) => present.get(other)).map(
      ({ shown, text }) => `${shown}: ${text}`,
    );

  it("are those that ran in a pool with it, as they are now, or as they ran", () => {
    assert.deepEqual(beside("main.ts"), [
      "cells.ts: as it is now",
      "gone.ts: gone",
      "rows.ts: rows",
    ]);
    assert.deepEqual(beside("rows.ts"), ["main.ts: main"]);
  });

  it("are none for a file that ran alone, or never", () => {
    assert.deepEqual(beside("alone.ts"), []);
    assert.deepEqual(beside("other.ts"), []);
  });

  it("are not looked for out of reach", () => {
    const far = { ...ran({ "main.ts": "main", "cells.ts": "as it ran" }), reach: [] };
    const asked: string[] = [];
    const read = (other: string): undefined => void asked.push(other);
    assert.deepEqual(filesBeside([far], join(root, "main.ts"), read), []);
    const named = ran({ "main.ts": "main", "../../etc/passwd": "p", "/dev/zero": "z" });
    filesBeside([named], join(root, "main.ts"), read);
    assert.deepEqual(asked, [join(root, "main.ts")]);
  });
});
