// The trace file of a run: nothing that the run did not make is written on, replaced or removed.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { TraceFile, type IfTaken } from "../../src/session/trace-file.ts";
import { keepTrace, openFolder } from "../../src/session/kept-traces.ts";
import { fileHeader, writeChunk } from "../../src/trace/format.ts";
import { testHeader } from "../support/test-header.ts";

const whole = Buffer.concat([fileHeader(), headerChunk(1), footerChunk()]);

function headerChunk(pid: number): Uint8Array {
  return chunk("header", { ...testHeader, pid });
}

function footerChunk(): Uint8Array {
  return chunk("footer", { endNanos: 1, reason: "completed", message: "" });
}

function chunk(kind: "header" | "footer", value: object): Uint8Array {
  const body = Buffer.from(JSON.stringify(value));
  return writeChunk(
    { kind, codec: 0, thread: 0, events: 0, firstTime: 0, rawBytes: body.length },
    body,
  );
}

function create(path: string, ifTaken?: IfTaken): TraceFile {
  const made = TraceFile.create(path, ifTaken);
  assert.ok(made.kind === "created", JSON.stringify(made));
  return made.file;
}

function refusal(path: string, ifTaken?: IfTaken): string {
  const made = TraceFile.create(path, ifTaken);
  assert.ok(made.kind === "refused", "it was created");
  return made.problem.message;
}

describe("trace file", function () {
  let folder = "";
  let path = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-test-"));
    path = join(folder, "a.pooltrace");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("is its owner's alone, and in a folder that is made for it", () => {
    path = join(folder, "deep", "deeper", "a.pooltrace");
    const file = create(path);
    assert.equal(file.append(whole), undefined);
    assert.deepEqual(file.finish(), { path });
    assert.deepEqual(readFileSync(path), whole);
    if (process.platform !== "win32") assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  const kept: Readonly<Record<string, () => void>> = {
    "a module": () => writeFileSync(path, "export const work = () => 1;\n"),
    "an empty file": () => writeFileSync(path, ""),
    "half a mark": () => writeFileSync(path, "POOLTR"),
    "a folder": () => mkdirSync(path),
    "a symbolic link to a trace": () => {
      writeFileSync(join(folder, "b"), whole);
      symlinkSync(join(folder, "b"), path);
    },
    "a symbolic link that leads nowhere": () => symlinkSync(join(folder, "nowhere"), path),
    "a hard link to a module": () => {
      writeFileSync(join(folder, "module.mjs"), "export const work = () => 1;\n");
      linkSync(join(folder, "module.mjs"), path);
    },
    "a pipe with a name": () => execFileSync("sh", ["-c", 'exec "$0" "$1"', "mkfifo", path]),
    "a trace that a living process still writes": () =>
      writeFileSync(path, Buffer.concat([fileHeader(), headerChunk(process.pid)])),
  };
  for (const [what, make] of Object.entries(kept)) {
    if (process.platform === "win32" && /link|pipe/.test(what)) continue;
    it(`leaves ${what} as it is, whatever is asked for`, () => {
      make();
      const before = inventory(folder);
      assert.match(refusal(path), /something already, and nothing is overwritten/);
      assert.match(refusal(path, "replace"), /can't be written: it is .*/);
      const beside = create(path, "rename");
      assert.equal(beside.path, join(folder, "a-2.pooltrace"));
      beside.discard();
      assert.deepEqual(inventory(folder), before);
    });
  }

  it("replaces no file that does not begin as a trace does", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        fc.pre(!Buffer.from(bytes).toString("latin1").startsWith("POOLTRC"));
        writeFileSync(path, bytes);
        assert.match(refusal(path, "replace"), /is no trace/);
        assert.deepEqual(readFileSync(path), Buffer.from(bytes));
      }),
    );
  });

  const traces: Readonly<Record<string, Buffer>> = {
    "a whole one": whole,
    "one that was cut": Buffer.concat([fileHeader(), headerChunk(2 ** 22 + 1)]),
    "one of a living process that has its end": Buffer.concat([
      ...[fileHeader(), headerChunk(process.pid), footerChunk()],
    ]),
    "one that is damaged": Buffer.concat([fileHeader(), Buffer.from("damaged")]),
  };
  for (const [what, old] of Object.entries(traces)) {
    it(`replaces a trace, ${what}, only when asked, and at the end`, () => {
      writeFileSync(path, old);
      assert.match(refusal(path), /nothing is overwritten/);
      const file = create(path, "replace");
      file.append(whole);
      assert.deepEqual(readFileSync(path), old);
      assert.deepEqual(file.finish(), { path });
      assert.deepEqual(readFileSync(path), whole);
      assert.deepEqual(readdirSync(folder), ["a.pooltrace"]);
    });
  }

  it("keeps the old trace when the run is refused, and both when it is cut", () => {
    const old = Buffer.concat([whole, Buffer.from("old")]);
    writeFileSync(path, old);
    create(path, "replace").discard();
    assert.deepEqual(readdirSync(folder), ["a.pooltrace"]);
    for (const name of ["a-cut.pooltrace", "a-cut-2.pooltrace"]) {
      const file = create(path, "replace");
      file.append(whole);
      assert.deepEqual(file.finishCut(), { path: join(folder, name) });
      assert.deepEqual(readFileSync(join(folder, name)), whole);
      assert.deepEqual(readFileSync(path), old);
    }
  });

  it("refuses the second of two runs with one path, whoever of them may replace", () => {
    const first = create(path);
    assert.match(refusal(path), /nothing is overwritten/);
    assert.match(refusal(path, "replace"), /is no trace/);
    first.append(Buffer.concat([fileHeader(), headerChunk(process.pid)]));
    assert.match(
      refusal(path, "replace"),
      new RegExp(`still being written by process ${process.pid}`),
    );
    first.append(footerChunk());
    first.finish();
    const second = create(path, "replace");
    assert.match(refusal(path, "replace"), /another run writes .*a\.part\.pooltrace/);
    second.discard();
  });

  it("takes nobody's place that came meanwhile", () => {
    writeFileSync(path, whole);
    const changed = create(path, "replace");
    changed.append(whole);
    writeFileSync(path, "a person's words");
    const { path: elsewhere, problem } = changed.finish();
    assert.equal(elsewhere, join(folder, "a-2.pooltrace"));
    assert.match(
      problem ?? "",
      /a\.pooltrace was written by another .* this trace is .*a-2\.pooltrace/,
    );
    assert.equal(readFileSync(path, "utf8"), "a person's words");

    rmSync(path);
    const alone = create(path);
    renameSync(path, join(folder, "moved"));
    writeFileSync(path, "another's");
    alone.discard();
    assert.equal(readFileSync(path, "utf8"), "another's");

    rmSync(path);
    const lost = create(path);
    rmSync(path);
    writeFileSync(path, "another's");
    assert.match(lost.finish().problem ?? "", /was moved, replaced or removed/);
    assert.equal(readFileSync(path, "utf8"), "another's");
  });

  it("comes back to a name that became free", () => {
    writeFileSync(path, whole);
    const file = create(path, "replace");
    file.append(whole);
    rmSync(path);
    assert.deepEqual(file.finish(), { path });
    assert.deepEqual(readdirSync(folder), ["a.pooltrace"]);
  });

  it("has a sentence for places that can't be written", () => {
    writeFileSync(join(folder, "file"), "");
    const places: readonly (readonly [string, RegExp])[] = [
      [join(folder, "file", "a.pooltrace"), /name of its path|no folder/],
      [join(folder, `${"a".repeat(300)}.pooltrace`), /the name is too long/],
      [join(folder, "a\0b"), /null bytes/],
    ];
    for (const [place, sentence] of places) assert.match(refusal(place), sentence);
    if (process.platform !== "linux") return;
    assert.match(refusal("/proc/none/a.pooltrace"), /not there|denied/);
    assert.match(refusal("/sys/a.pooltrace"), /denied|only be read/);
  });

  it("gives each of twenty processes a name of its own", async function () {
    this.timeout(120_000);
    const script = pathToFileURL(resolve("out/src/session/trace-file.js")).href;
    const text = `
      const { TraceFile } = await import(${JSON.stringify(script)});
      const { file } = TraceFile.create(${JSON.stringify(path)}, "rename");
      file.append(Buffer.from(String(process.pid)));
      console.log(file.finish().path);`;
    const names = await Promise.all(Array.from({ length: 20 }, () => printed(text)));
    assert.equal(new Set(names.map(([, name]) => name)).size, 20);
    for (const [pid, name = ""] of names) assert.equal(readFileSync(name, "utf8"), String(pid));
  });
});

describe("traces that a comparison keeps", () => {
  let out = "";

  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), "poolscope-test-"));
  });

  afterEach(() => rmSync(out, { recursive: true }));

  const names = ["before.pooltrace", "after.pooltrace"];

  it("replace nothing but traces, and those only when asked", () => {
    writeFileSync(join(out, "after.pooltrace"), whole);
    const refused = openFolder({ out, force: false }, names);
    assert.ok(refused.kind === "refused");
    assert.match(refused.problem, /after\.pooltrace is there already.*--force/);
    assert.equal(openFolder({ out, force: true }, names).kind, "opened");
    writeFileSync(join(out, "before.pooltrace"), "notes");
    const never = openFolder({ out, force: true }, names);
    assert.ok(never.kind === "refused");
    assert.match(never.problem, /before\.pooltrace is no trace/);
  });

  it("lie beside what came meanwhile", () => {
    for (const force of [false, true]) {
      const folder = openFolder({ out, force }, names);
      assert.ok(folder.kind === "opened");
      const trace = join(folder.scratch, "before.pooltrace");
      writeFileSync(trace, whole);
      writeFileSync(join(out, "before.pooltrace"), "notes");
      const kept = keepTrace(folder, trace) ?? "";
      assert.match(kept, /before-2\.pooltrace$/);
      assert.deepEqual(readFileSync(kept), whole);
      assert.equal(readFileSync(join(out, "before.pooltrace"), "utf8"), "notes");
      assert.ok(!existsSync(trace));
      rmSync(kept);
      rmSync(join(out, "before.pooltrace"));
    }
  });
});

function printed(text: string): Promise<readonly [number | undefined, string]> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", text], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (out += piece));
  return new Promise((done) => child.on("close", () => done([child.pid, out.trim()])));
}

/** Names with what they are and hold. */
function inventory(folder: string): readonly (readonly [string, number, string])[] {
  return readdirSync(folder)
    .toSorted()
    .map((name) => {
      const found = lstatSync(join(folder, name));
      const text = found.isFile() ? readFileSync(join(folder, name), "latin1") : "";
      return [name, found.ino, text] as const;
    });
}
