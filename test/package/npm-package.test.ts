// What npm would publish, used from another folder: its command line, its types, its pool.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(".");
const npm = process.platform === "win32" ? "npm.cmd" : "npm";

const handlers = `import type { Handler } from "poolscope";

export const double: Handler<number, number> = (event, ctx) =>
  ctx.mutex("lock").run(() => event.payload * 2);

export function* workload() {
  for (let count = 0; count < 200; count++) yield { type: "double", payload: count };
}
`;

const program = `import { pool } from "poolscope";
const doubling = await pool("./handlers.ts", { threads: 2 });
console.log(await doubling.submit({ type: "double", payload: 21 }));
await doubling.close();
`;

describe("the npm package", () => {
  let folder: string;

  const run = (command: string, ...args: readonly string[]): string => {
    const shell = command.endsWith(".cmd");
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: folder,
      encoding: "utf8",
      shell,
    });
    assert.equal(status, 0, `${command} ${args.join(" ")}\n${stdout}${stderr}`);
    return stdout;
  };

  before(function () {
    this.timeout(120_000);
    folder = mkdtempSync(join(tmpdir(), "poolscope-package-"));
    writeFileSync(join(folder, "package.json"), '{ "name": "consumer", "type": "module" }\n');
    writeFileSync(join(folder, "handlers.ts"), handlers);
    writeFileSync(join(folder, "program.js"), program);
    run(npm, "pack", root, "--silent", "--ignore-scripts");
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as {
      readonly version: string;
    };
    const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--offline", "--silent"];
    run(npm, "install", `./poolscope-${version}.tgz`, ...flags);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it("runs its command line", () => {
    const cli = join(
      "node_modules",
      ".bin",
      process.platform === "win32" ? "poolscope.cmd" : "poolscope",
    );
    assert.match(run(join(folder, cli), "profile", "handlers.ts"), /200 completed/);
  });

  it("runs its pool, from TypeScript handlers", () => {
    assert.equal(run(process.execPath, "program.js").trim(), "42");
  });

  it("has types that handlers compile against", () => {
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2023"];
    run(process.execPath, tsc, ...flags, "--types", "", "handlers.ts");
  }).timeout(60_000);
});
