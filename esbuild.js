// One table of bundles: what ships, from which entry. `--watch` rebuilds on change, `--production`
// minifies. Each bundle runs on its own; nothing is left in node_modules for it to find.

import process from "node:process";
import esbuild from "esbuild";

// Bundled CommonJS packages call require for Node's own modules; an ES module has none.
const requireBanner =
  'import { createRequire as makeRequire } from "node:module";' +
  "const require = makeRequire(import.meta.url);";

const bundles = [
  { entry: "src/cli/main.ts", out: "dist/poolscope.js", hashbang: "#!/usr/bin/env node\n" },
  { entry: "src/runtime/pool.ts", out: "dist/pool.js" },
  { entry: "src/runner/main.ts", out: "dist/runner.js" },
  { entry: "src/runner/workload-main.ts", out: "dist/workload-thread.js" },
  { entry: "src/runner/collector-main.ts", out: "dist/collector-thread.js" },
  { entry: "src/runtime/pool-thread-main.ts", out: "dist/pool-thread.js" },
  { entry: "src/runtime/loader/hooks-thread.ts", out: "dist/load-hooks.js" },
];

const watches = process.argv.includes("--watch");
const production = process.argv.includes("--production");

await Promise.all(bundles.map((bundle) => build(options(bundle)))).catch(() => {
  // esbuild has printed its errors by now.
  process.exit(1);
});

function options({ entry, out, hashbang = "" }) {
  return {
    entryPoints: [entry],
    outfile: out,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    banner: { js: hashbang + requireBanner },
    sourcemap: "linked",
    minify: production,
    logLevel: watches ? "info" : "warning",
  };
}

async function build(bundle) {
  if (watches) await (await esbuild.context(bundle)).watch();
  else await esbuild.build(bundle);
}
