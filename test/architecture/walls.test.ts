// The walls between modules: ARCHITECTURE.md's table says what each tsconfig.json says, and a
// breach is refused by the compiler. Also the two rules on every source file: it opens with a
// comment and stays within 350 lines.

import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import process from "node:process";

interface Wall {
  readonly imports: readonly string[];
  readonly hosts: readonly string[];
}

interface ModuleConfig {
  readonly compilerOptions: { readonly types: readonly string[]; readonly lib?: readonly string[] };
  readonly references: readonly { readonly path: string }[];
}

const root = path.resolve(import.meta.dirname, "../../..");
const src = path.join(root, "src");

describe("walls", () => {
  it("has a row in ARCHITECTURE.md for each module, as its tsconfig.json says", () => {
    assert.deepEqual(wallsOfDocument(), wallsOfConfigs());
  });

  it("builds each module that has a folder", () => {
    const built = referencesOf(path.join(root, "tsconfig.json")).filter((name) =>
      name.startsWith("src/"),
    );
    assert.deepEqual(
      built.toSorted(),
      moduleNames().map((name) => `src/${name}`),
    );
  });

  it("opens each source file with a comment that says what it is", () => {
    const silent = sourceFiles().filter(
      (file) => !/^(\/\/|\/\*)/.test(fs.readFileSync(file, "utf8")),
    );
    assert.deepEqual(silent, [], "open these files with a comment of two to six lines");
  });

  it("keeps each source file within 350 lines", () => {
    const long = sourceFiles().filter((file) => lineCount(file) > 350);
    assert.deepEqual(long, [], "split these files by what they are about");
  });
});

describe("a breach of the walls", () => {
  let copy: string;
  beforeEach(() => {
    copy = copyOfTwoModules();
  });
  afterEach(() => fs.rmSync(copy, { recursive: true }));

  it("is not seen where there is none", () => {
    const result = compile(copy);
    assert.equal(result.status, 0, result.output);
  });

  it("is refused when a module imports one that it has no reference to", () => {
    plant(copy, 'export { inner } from "../inner/inner.ts";\n');
    const result = compile(copy);
    assert.notEqual(result.status, 0);
    assert.match(result.output, /outer.breach\.ts.*(TS6307|TS6059)/s);
  });

  it("is refused when a module without a host touches Node", () => {
    plant(copy, "export const cwd: string = process.cwd();\n");
    const result = compile(copy);
    assert.notEqual(result.status, 0);
    assert.match(result.output, /outer.breach\.ts.*TS2591/s);
  });
});

function wallsOfDocument(): Map<string, Wall> {
  const rows = fs
    .readFileSync(path.join(root, "ARCHITECTURE.md"), "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const start = rows.findIndex((cells) => cells[1] === "module" && cells[2] === "may import");
  assert.notEqual(start, -1, "ARCHITECTURE.md has no table that starts with: module | may import");
  const walls = new Map<string, Wall>();
  for (const [, name = "", imports = "", host = ""] of rows.slice(start + 1)) {
    walls.set(name, { imports: namesIn(imports), hosts: namesIn(host) });
  }
  return walls;
}

/** "base, trace" to a sorted list; "-" and "none" are the empty one. */
function namesIn(cell: string): string[] {
  return cell
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "-" && name !== "none")
    .toSorted();
}

function wallsOfConfigs(): Map<string, Wall> {
  return new Map(moduleNames().map((name) => [name, wallOf(path.join(src, name))]));
}

function wallOf(folder: string): Wall {
  const file = path.join(folder, "tsconfig.json");
  const { types, lib = [] } = (JSON.parse(fs.readFileSync(file, "utf8")) as ModuleConfig)
    .compilerOptions;
  // A page's host is a library of the compiler, not a package of types.
  const hosts = [...types, ...lib.filter((name) => !name.startsWith("es"))];
  const imports = referencesOf(file).map((reference) =>
    path.relative(src, path.join(folder, reference)).split(path.sep).join("/"),
  );
  return { imports: imports.toSorted(), hosts: hosts.toSorted() };
}

function referencesOf(file: string): string[] {
  const config = JSON.parse(fs.readFileSync(file, "utf8")) as ModuleConfig;
  return config.references.map((reference) => reference.path);
}

function moduleNames(): string[] {
  return fs
    .readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((file) => path.basename(file) === "tsconfig.json")
    .map((file) => path.dirname(file).split(path.sep).join("/"))
    .toSorted();
}

function sourceFiles(): string[] {
  return fs
    .readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => path.join(src, file));
}

function lineCount(file: string): number {
  return fs.readFileSync(file, "utf8").trimEnd().split("\n").length;
}

/** Modules `inner` and `outer`, configured as `trace` is but with no reference to each other. */
function copyOfTwoModules(): string {
  const copy = fs.mkdtempSync(path.join(os.tmpdir(), "poolscope-walls-"));
  fs.copyFileSync(path.join(root, "tsconfig.base.json"), path.join(copy, "tsconfig.base.json"));
  fs.writeFileSync(path.join(copy, "package.json"), '{ "type": "module" }\n');
  const config = fs.readFileSync(path.join(src, "base", "tsconfig.json"), "utf8");
  for (const name of ["inner", "outer"]) {
    const folder = path.join(copy, "src", name);
    fs.mkdirSync(folder, { recursive: true });
    const own = config.replaceAll("out/src/base", `out/src/${name}`);
    fs.writeFileSync(path.join(folder, "tsconfig.json"), own);
    fs.writeFileSync(path.join(folder, `${name}.ts`), `export const ${name} = 1;\n`);
  }
  return copy;
}

function plant(copy: string, text: string): void {
  fs.writeFileSync(path.join(copy, "src", "outer", "breach.ts"), text);
}

function compile(copy: string): { readonly status: number | null; readonly output: string } {
  const tsc = path.join(root, "node_modules", "typescript", "bin", "tsc");
  const args = [tsc, "-b", "src/inner", "src/outer"];
  const result = spawnSync(process.execPath, args, { cwd: copy, encoding: "utf8" });
  return { status: result.status, output: result.stdout + result.stderr };
}
