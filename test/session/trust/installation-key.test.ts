// The key of the installation: made once, whoever is first; kept to its user; of no use when others could know it.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { keyFile, readKey, readOrMakeKey } from "../../../src/session/trust/installation-key.ts";

describe("the installation's key", () => {
  let folder = "";
  const before = process.env["XDG_CONFIG_HOME"];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    process.env["XDG_CONFIG_HOME"] = folder;
  });
  afterEach(() => {
    process.env["XDG_CONFIG_HOME"] = before;
    rmSync(folder, { recursive: true });
  });

  it("is not made by reading", () => {
    assert.deepEqual(readKey(), { kind: "missing" });
    assert.deepEqual(readdirSync(folder), []);
  });

  it("is made once, for its user alone, and read again", () => {
    const made = readOrMakeKey();
    assert.ok(made.kind === "key" && made.bytes.length === 32);
    assert.deepEqual(readOrMakeKey(), made);
    assert.deepEqual(readKey(), made);
    assert.equal(statSync(keyFile()).mode & 0o777, 0o600);
    assert.equal(statSync(dirname(keyFile())).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(dirname(keyFile())), ["key"]);
  });

  it("is one for processes that make it at the same time", async () => {
    const module = pathToFileURL(resolve("out/src/session/trust/installation-key.js")).href;
    const script = `import { readOrMakeKey } from ${JSON.stringify(module)};
      process.stdin.once("data", () => {
        const key = readOrMakeKey();
        process.stdout.write(key.kind === "key" ? Buffer.from(key.bytes).toString("hex") : key.why);
        process.exit();
      });
      process.stderr.write("ready");`;
    const children = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ["--input-type=module", "--eval", script]),
    );
    await Promise.all(
      children.map((child) => new Promise((done) => child.stderr.once("data", done))),
    );
    const keys = children.map(
      (child) =>
        new Promise<string>((done) => {
          let text = "";
          child.stdout.on("data", (piece) => (text += String(piece)));
          child.on("close", () => done(text));
        }),
    );
    for (const child of children) child.stdin.write("go");
    const found = new Set(await Promise.all(keys));
    assert.deepEqual([...found], [readFileSync(keyFile()).toString("hex")]);
  });

  const wrongs: Readonly<Record<string, readonly [RegExp, () => void]>> = {
    "is empty": [/has 0 bytes, not 32/, () => writeFileSync(keyFile(), "", { mode: 0o600 })],
    "is too long": [
      /has 33 bytes/,
      () => writeFileSync(keyFile(), "x".repeat(33), { mode: 0o600 }),
    ],
    "can be read by others": [/others may read/, () => chmodSync(keyFile(), 0o644)],
    "can be written by others": [/others may read/, () => chmodSync(keyFile(), 0o602)],
    "lies where others may write": [/others may write/, () => chmodSync(dirname(keyFile()), 0o777)],
    "is a folder": [
      /is no file/,
      () => {
        rmSync(keyFile());
        mkdirSync(keyFile());
      },
    ],
    "is a link": [
      /ELOOP/,
      () => {
        rmSync(keyFile());
        symlinkSync("/dev/zero", keyFile());
      },
    ],
  };
  for (const [what, [why, spoil]] of Object.entries(wrongs)) {
    it(`proves nothing when it ${what}, and says so`, function () {
      if (process.platform === "win32") this.skip();
      readOrMakeKey();
      spoil();
      for (const key of [readKey(), readOrMakeKey()]) {
        assert.ok(key.kind === "unusable");
        assert.match(key.why, why);
      }
      assert.ok(existsSync(dirname(keyFile())));
    });
  }

  it("says what is wrong when there is no place for it", () => {
    process.env["XDG_CONFIG_HOME"] = join(folder, "file", "below");
    writeFileSync(join(folder, "file"), "");
    const key = readOrMakeKey();
    assert.ok(key.kind === "unusable");
    assert.match(key.why, /ENOTDIR|EEXIST|ENOENT/);
  });
});
