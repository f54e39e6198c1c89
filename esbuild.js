// One table of bundles: what ships, from which entry. `--watch` rebuilds on change, `--production`
// minifies. Each bundle runs on its own; nothing is left in node_modules for it to find.

import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import esbuild from "esbuild";
import { bundledPackages, noticesText } from "./scripts/notices.js";

// Bundled CommonJS packages call require for Node's own modules; an ES module has none.
const requireBanner =
  'import { createRequire as makeRequire } from "node:module";' +
  "const require = makeRequire(import.meta.url);";

const watches = process.argv.includes("--watch");
const production = process.argv.includes("--production");

const node = {
  format: "esm",
  platform: "node",
  target: "node20.19",
  banner: { js: requireBanner },
};
const editor = { format: "cjs", platform: "node", target: "node20.19", external: ["vscode"] };
// Its CommonJS file requires by paths that no bundler can follow.
const parser = { alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" } };
const page = { format: "iife", platform: "browser", target: "es2023" };

/** Of all bundles, for the notices. */
const metafiles = [];

const bundles = [
  { entry: "src/cli/main.ts", out: "dist/poolscope.js", ...node, ...hashbang() },
  { entry: "src/runtime/pool.ts", out: "dist/pool.js", ...node },
  { entry: "src/runner/main.ts", out: "dist/runner.js", ...node },
  { entry: "src/runner/workload-main.ts", out: "dist/workload-thread.js", ...node },
  { entry: "src/runner/collector-main.ts", out: "dist/collector-thread.js", ...node },
  { entry: "src/runtime/pool-thread-main.ts", out: "dist/pool-thread.js", ...node },
  { entry: "src/runtime/group/remote-pool-main.ts", out: "dist/remote-pool.js", ...node },
  { entry: "src/runtime/loader/hooks-thread.ts", out: "dist/load-hooks.js", ...node },
  { entry: "src/extension/main.ts", out: "dist/extension.cjs", ...editor, plugins: [ownClient()] },
  { entry: "src/extension/client.ts", out: "dist/client.cjs", ...editor },
  { entry: "src/server/main.ts", out: "dist/server.cjs", ...editor, ...parser },
  { entry: "src/server/trace-thread-main.ts", out: "dist/trace-thread.cjs", ...editor },
  { entry: "src/server/compare-thread-main.ts", out: "dist/compare-thread.cjs", ...editor },
  { entry: "src/webview/main.ts", out: "dist/panel.js", ...page, ...(await inlinedWorker()) },
];

await Promise.all(bundles.map((bundle) => build(options(bundle)))).catch(() => {
  // esbuild has printed its errors by now.
  process.exit(1);
});
writeTypes();
if (!watches) writeNotices();

function writeNotices() {
  try {
    writeFileSync("ThirdPartyNotices.txt", noticesText(bundledPackages(metafiles)));
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

/** The npm package's types: the public files, which import nothing but each other, as one. Compiled before. */
function writeTypes() {
  const files = ["handler", "pool-state", "pool-front", "pool-options", "group/group-front"];
  const texts = files.map((name) => readFileSync(`out/src/runtime/${name}.d.ts`, "utf8"));
  const own = texts.map((text) => text.replace(/^import .*;\n|^export \{\};\n/gm, ""));
  const front = readFileSync("out/src/runtime/pool.d.ts", "utf8");
  const library = '/// <reference lib="esnext.disposable" />\n';
  writeFileSync("dist/pool.d.ts", library + own.join("\n") + front.slice(front.indexOf("/**\n")));
}

function hashbang() {
  return { banner: { js: `#!/usr/bin/env node\n${requireBanner}` } };
}

/** The language client is large and most windows never need it: a bundle of its own, loaded when first wanted. */
function ownClient() {
  return {
    name: "own-client",
    setup(build) {
      build.onResolve({ filter: /^\.\/client\.ts$/ }, () => ({
        path: "./client.cjs",
        external: true,
      }));
    },
  };
}

/** Under the page's policy only a blob may become a worker: its text is a constant in the page's bundle. */
async function inlinedWorker() {
  const { outputFiles, metafile } = await esbuild.build({
    entryPoints: ["src/webview/drawing/main.ts"],
    bundle: true,
    metafile: true,
    outfile: "dist/drawing-worker.js",
    write: false,
    minify: production,
    ...page,
  });
  metafiles.push(metafile);
  return { define: { drawingWorkerText: JSON.stringify(outputFiles[0].text) } };
}

function options({ entry, out, ...rest }) {
  return {
    entryPoints: [entry],
    outfile: out,
    bundle: true,
    metafile: true,
    sourcemap: "linked",
    minify: production,
    logLevel: watches ? "info" : "warning",
    ...rest,
  };
}

async function build(bundle) {
  if (watches) await (await esbuild.context(bundle)).watch();
  else metafiles.push((await esbuild.build(bundle)).metafile);
}
