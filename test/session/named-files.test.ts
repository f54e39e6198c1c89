// What a trace names is read only below the folders that are open, or the root of a run of ours: whatever the root, the name, the
// links on the way, and the kind and size of what lies there.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, win32 } from "node:path";
import fc from "fast-check";
import {
  absolutePath,
  fileWithin,
  isBelow,
  isNamedWithin,
  reachOf,
  readWithin,
  type Reach,
} from "../../src/session/named-files.ts";
import { sourcesNow } from "../../src/server/changed-sources.ts";
import { sourceOfTrace } from "../../src/server/source-of-trace.ts";
import { isIgnored } from "../../src/session/ignored.ts";
import { drawTrace } from "../support/draw-trace.ts";
import type { Trace } from "../../src/trace/trace.ts";

const secret = "secret";

function isInProject(path: string): boolean {
  return isBelow("C:\\project", path, win32);
}

function traceOf(root: string, names: readonly string[]): Trace {
  const trace = drawTrace([{ roles: "LPF" }], { header: { root } });
  const sources = names.map((path) => ({ path, sha256: "", text: "a" }));
  return { ...trace, tables: { ...trace.tables, sources } };
}

function ask(given: object, name: string): unknown {
  return sourceOfTrace(given as Parameters<typeof sourceOfTrace>[0], name);
}

describe("files that a trace names", function () {
  let base = "";
  let open = "";
  before(function () {
    if (process.platform === "win32") this.skip();
    base = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    open = join(base, "open");
    for (const folder of ["open/src", "open-too", "elsewhere"]) {
      mkdirSync(join(base, folder), { recursive: true });
    }
    writeFileSync(join(open, "src/a.ts"), "a");
    writeFileSync(join(open, "src/b.ts"), "b");
    for (const folder of ["open-too", "elsewhere"]) {
      writeFileSync(join(base, folder, "a.ts"), secret);
      writeFileSync(join(base, folder, "poolscope.json"), '{ "ignore": ["x"] }');
    }
    execFileSync("mkfifo", [join(open, "pipe"), join(base, "elsewhere/pipe")]);
    writeFileSync(join(open, "huge"), "");
    truncateSync(join(open, "huge"), 2 ** 40);
    symlinkSync("b.ts", join(open, "src/to-b"));
    symlinkSync("../src/to-b", join(open, "src/to-to-b"));
    symlinkSync(join(open, "src"), join(open, "absolute"));
    symlinkSync("../elsewhere", join(open, "out"));
    symlinkSync("../elsewhere/a.ts", join(open, "file-out"));
    symlinkSync("out/a.ts", join(open, "chain-out"));
    symlinkSync("/dev/zero", join(open, "zero"));
    symlinkSync("round", join(open, "round"));
    symlinkSync("../open-too", join(open, "sibling"));
    symlinkSync(open, join(base, "way-to-open"));
  });
  after(() => {
    if (base !== "") rmSync(base, { recursive: true });
  });

  const reach = (folders = [open], trusted = true): Reach =>
    reachOf({ trusted, folders }, "/", "stranger");
  const read = (root: string, name: string, within = reach()): string | undefined => {
    const path = absolutePath(root, name);
    const bytes = path === undefined ? undefined : readWithin(within, path, 1000);
    return bytes === undefined ? undefined : Buffer.from(bytes).toString();
  };

  it("are read below an open folder, by links that stay there, whichever way the folder is named", () => {
    for (const folder of [open, join(base, "way-to-open"), realpathSync(open)]) {
      const within = reach([folder]);
      for (const root of [folder, open]) {
        assert.equal(read(root, "src/a.ts", within), "a");
        assert.equal(read(root, "src/../src/a.ts", within), "a");
        assert.equal(read(root, "src/to-b", within), "b");
        assert.equal(read(root, "src/to-to-b", within), "b");
        assert.equal(read(root, "absolute/a.ts", within), "a");
      }
    }
    assert.equal(read("/", join(open, "src/a.ts")), "a");
  });

  it("are read nowhere else, however they are named", () => {
    const names = ["out/a.ts", "file-out", "chain-out", "sibling/a.ts", "zero", "round", "pipe"];
    names.push("huge", "src", "", ".", "..", "src/a.ts/b", "src/none.ts", "src/a.ts\0.png");
    names.push(
      "//localhost/share/a.ts",
      "\\\\localhost\\share\\a.ts",
      "\\\\?\\C:\\a",
      "//./pipe/x",
    );
    names.push("../open-too/a.ts", "../elsewhere/a.ts", "/dev/zero", "/etc/passwd", "C:\\a.ts");
    names.push(
      join(base, "elsewhere/a.ts"),
      join(base, "elsewhere/pipe"),
      "../open/../open-too/a.ts",
    );
    for (const name of names) assert.equal(read(open, name), undefined, JSON.stringify(name));
    for (const root of ["/", "/dev", base, join(base, "elsewhere"), "", "//host/share", "\0"]) {
      for (const name of [
        "a.ts",
        "zero",
        "dev/zero",
        "pipe",
        "elsewhere/a.ts",
        "../../etc/passwd",
      ]) {
        assert.equal(read(root, name), undefined, JSON.stringify([root, name]));
      }
    }
  });

  it("are read nowhere at all in a window that is not trusted, even those of a run of ours", () => {
    const none = reachOf({ trusted: false, folders: [open] }, open, "here");
    assert.equal(read(open, "src/a.ts", none), undefined);
  });

  it("are read below the root of a run of ours, and of nobody else's", () => {
    const root = join(base, "elsewhere");
    assert.equal(read(root, "a.ts", reachOf({ trusted: true, folders: [] }, root, "here")), secret);
    assert.equal(
      read(root, "a.ts", reachOf({ trusted: true, folders: [] }, root, "stranger")),
      undefined,
    );
  });

  const part = fc.constantFrom(
    ...["src", "a.ts", "to-b", "out", "file-out", "chain-out", "sibling", "zero", "round", "pipe"],
    ...["..", ".", "", "open-too", "elsewhere", "open", "absolute", "way-to-open", "huge", "dev"],
    ...["C:", "\\\\host", "\0", "*", "%2e%2e", "..\\", "//", "\u202E", "a".repeat(300)],
  );
  const way = fc
    .tuple(fc.constantFrom("", "/", "//"), fc.array(part, { maxLength: 8 }))
    .map(([start, parts]) => start + parts.join("/"));

  it("never leave the folders that are open, whatever root and name are", () => {
    const real = realpathSync(open);
    fc.assert(
      fc.property(
        fc.oneof(way, fc.constantFrom("/", "/dev", base, open, "")),
        fc.oneof(
          way,
          fc.string(),
          way.map((each) => join(base, each)),
        ),
        (root, name) => {
          const path = absolutePath(root, name);
          if (path === undefined) return;
          const found = fileWithin(reach(), path);
          if (found === undefined) return;
          assert.ok(isBelow(real, found), `${root} and ${name} lead to ${found}`);
          assert.equal(realpathSync(found), found);
          assert.notEqual(read(root, name), secret);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("hold by Windows' rules too: no other machine, no device, no stream, no other drive", () => {
    const bad = ["\\\\host\\share\\a", "//host/share/a", "\\\\?\\UNC\\host\\a", "\\\\.\\pipe\\a"];
    bad.push("a.ts:stream", "src\\a.ts::$DATA", "C:a.ts", "con", "src/NUL", "aux.ts", "COM1.txt");
    bad.push("src/lpt9 .ts", "CONIN$", "nul\\a.ts", "a\0b");
    for (const name of bad) {
      assert.equal(absolutePath("C:\\project", name, win32), undefined, name);
    }
    assert.equal(absolutePath("C:\\project", "src/a.ts", win32), "C:\\project\\src\\a.ts");
    assert.equal(absolutePath("C:\\project", "C:\\x\\a.ts", win32), "C:\\x\\a.ts");
    assert.equal(
      absolutePath("C:\\project", "src/console.ts", win32),
      "C:\\project\\src\\console.ts",
    );
    assert.ok(
      isInProject("C:\\project\\a") &&
        isInProject("c:\\PROJECT\\a") &&
        isInProject("C:\\project\\..a"),
    );
    for (const path of [
      "C:\\project",
      "C:\\project2\\a",
      "D:\\project\\a",
      "C:\\",
      "C:\\project\\..\\a",
    ])
      assert.ok(!isInProject(path), path);
    assert.ok(!isInProject("\\\\host\\C$\\project\\a"));
  });

  it("are told apart: changed, the same, and not looked at", () => {
    const names = [
      "src/a.ts",
      "src/b.ts",
      "src/gone.ts",
      "huge",
      "pipe",
      "zero",
      "out/a.ts",
      "/dev/zero",
    ];
    assert.deepEqual(sourcesNow(traceOf(open, names), reach()), {
      changed: ["src/b.ts", "src/gone.ts", "huge", "pipe", "zero", "out/a.ts"],
      unread: ["/dev/zero"],
    });
    const outside = ["dev/zero", "etc/passwd"];
    assert.deepEqual(sourcesNow(traceOf("/", outside), reach()), { changed: [], unread: outside });
    assert.deepEqual(sourcesNow(traceOf(open, names), []), { changed: [], unread: names });
  });

  it("are opened for a person only there; else the text in the trace is shown", () => {
    const seen = (root: string, provenance: "here" | "stranger", trusted = true): object => {
      const opened = { trusted, folders: [open] };
      const trace = traceOf(root, ["src/a.ts", "etc/passwd"]);
      return { trace, provenance, opened, reach: reachOf(opened, root, provenance) };
    };
    const path = join(open, "src/a.ts");
    assert.deepEqual(ask(seen(open, "stranger"), "src/a.ts"), { kind: "file", path });
    assert.deepEqual(ask(seen("/home/other", "stranger"), "src/a.ts"), { kind: "file", path });
    assert.deepEqual(ask(seen(open, "stranger", false), "src/a.ts"), { kind: "text", text: "a" });
    assert.deepEqual(ask(seen("/", "stranger"), "etc/passwd"), { kind: "text", text: "a" });
    assert.deepEqual(ask(seen("/", "stranger"), "/etc/passwd"), { kind: "none" });
    assert.deepEqual(ask(seen(open, "here"), "/usr/lib/x.js"), {
      kind: "elsewhere",
      path: "/usr/lib/x.js",
    });
    assert.deepEqual(ask(seen(open, "here", false), "/usr/lib/x.js"), { kind: "none" });
  });

  it("have no poolscope.json that is out of reach", () => {
    const at = (folder: string): string => join(base, folder, "a.ts");
    assert.ok(!isIgnored("x", at("elsewhere"), reach()));
    assert.ok(!isIgnored("x", join(open, "out/a.ts"), reach()));
    assert.ok(isIgnored("x", at("elsewhere"), reach([join(base, "elsewhere")])));
    assert.ok(!isNamedWithin(reach(), at("open-too")));
  });
});
