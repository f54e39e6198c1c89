// Makes a clone ready to run: installs what package-lock.json names, then compiles and bundles.
// `npm start` and `npm test` begin here. Each half leaves a stamp, so that a second run finds
// nothing to do. Plain Node, no dependencies: it runs before there are any.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const installStamp = path.join(root, "node_modules", ".poolscope-stamp");
const buildStamp = path.join(root, "out", ".poolscope-stamp");
const sources = ["src", "test", "bench", "esbuild.js", "package.json"];

requireNode(20, 19);
process.chdir(root);
install();
build();

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split(".").map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  console.error(`Poolscope needs Node ${major}.${minor} or newer; this is ${process.version}.`);
  process.exit(1);
}

function install() {
  const wanted = createHash("sha256").update(fs.readFileSync("package-lock.json")).digest("hex");
  if (readText(installStamp) === wanted) return;
  console.error("Installing dependencies ...");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  run(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  fs.writeFileSync(installStamp, wanted);
}

function build() {
  const files = inputs();
  const built = readStamp();
  if (built !== undefined && isUpToDate(built, files)) return;
  console.error("Building ...");
  // A test whose source is gone must not run on from its old output.
  if (built?.files.some((file) => !files.includes(file))) fs.rmSync("out", { recursive: true });
  // Taken before the build, so that what is edited meanwhile counts as newer.
  const startedAt = Date.now();
  run(process.execPath, ["node_modules/typescript/bin/tsc", "-b"]);
  run(process.execPath, ["esbuild.js"]);
  fs.writeFileSync(buildStamp, JSON.stringify({ startedAt, files }));
}

function isUpToDate(built, files) {
  return (
    fs.existsSync("dist/poolscope.js") &&
    files.length === built.files.length &&
    files.every((file) => fs.statSync(file).mtimeMs < built.startedAt)
  );
}

function inputs() {
  const configs = fs.readdirSync(".").filter((name) => /^tsconfig.*\.json$/.test(name));
  return [...sources, ...configs].flatMap(filesUnder).sort();
}

/** Dependencies of the tests in VS Code lie under test, and are nobody's source. */
function filesUnder(file) {
  if (path.basename(file) === "node_modules") return [];
  if (!fs.statSync(file).isDirectory()) return [file];
  return fs.readdirSync(file).flatMap((name) => filesUnder(path.join(file, name)));
}

function readStamp() {
  const text = readText(buildStamp);
  return text === undefined ? undefined : JSON.parse(text);
}

function readText(file) {
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

function run(command, args) {
  try {
    // What the tools print is no part of what `npm start` is asked for: all of it goes to stderr.
    const shell = command.endsWith(".cmd");
    execFileSync(command, args, { stdio: ["ignore", 2, 2], shell });
  } catch (error) {
    console.error(`\`${path.basename(command)} ${args.join(" ")}\` failed.`);
    process.exit(error.status ?? 1);
  }
}
