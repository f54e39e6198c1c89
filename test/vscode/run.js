// The tests in a real VS Code: `node test/vscode/run.js [--long | --only NAME]`. Installs what is missing, bundles the scenarios, runs
// them against the packaged extension. The last line says `N passed, N failed`.

import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";
import { install } from "./install.js";

const folder = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(path.dirname(folder));
const out = path.join(root, "out", "vscode");

const chromium = install();
if (chromium === undefined) process.exit(process.env.CI === undefined ? 0 : 1);
const vsix = path.join(root, "poolscope.vsix");
if (!fs.existsSync(vsix)) {
  console.error("poolscope.vsix is missing: run `npm run package` first.");
  process.exit(1);
}

const shared = { bundle: true, platform: "node", target: "node20", logLevel: "warning" };
await esbuild.build({
  ...shared,
  entryPoints: [path.join(folder, "main.ts")],
  outfile: path.join(folder, "node_modules", ".poolscope-main.mjs"),
  format: "esm",
  external: ["playwright-core"],
});
await esbuild.build({
  ...shared,
  entryPoints: [path.join(folder, "suite", "index.ts")],
  outfile: path.join(out, "suite", "index.cjs"),
  format: "cjs",
  external: ["vscode", "mocha"],
});

const { status } = spawnSync(
  process.execPath,
  [
    path.join(folder, "node_modules", ".poolscope-main.mjs"),
    ...["--root", root, "--vsix", vsix, "--chromium", chromium],
    ...process.argv.slice(2),
  ],
  { stdio: "inherit" },
);
process.exit(status ?? 1);
