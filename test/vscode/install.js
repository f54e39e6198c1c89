// Installs what the tests in a real VS Code need: code-server with its two nested packages, Node 24 to run it, the driver of
// the browser, and Chromium by apt where that is possible. Does nothing twice. Called by run.js.

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const folder = path.dirname(fileURLToPath(import.meta.url));
const stamp = path.join(folder, "node_modules", ".poolscope-stamp");
const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The browser's path, once everything is there; undefined, with one line said, where it can't be. */
export function install() {
  const chromium = findBrowser() ?? installBrowser();
  if (chromium === undefined) {
    console.error(
      "The tests in a real VS Code need Chromium: install it (Debian: apt-get install chromium) and run them again.",
    );
    return undefined;
  }
  const wanted = fs.readFileSync(path.join(folder, "package-lock.json"), "utf8");
  if (!fs.existsSync(stamp) || fs.readFileSync(stamp, "utf8") !== wanted) installPackages(wanted);
  return chromium;
}

function findBrowser() {
  return browsers.find((file) => fs.existsSync(file));
}

function installBrowser() {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return undefined;
  try {
    run("apt-get", ["update", "-qq"], folder);
    run("apt-get", ["install", "-y", "-qq", "chromium"], folder);
  } catch {
    // No apt, or no network: the caller says what is missing.
    return undefined;
  }
  return findBrowser();
}

function installPackages(wanted) {
  console.error("Installing VS Code for the tests ...");
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  run("npm", ["ci", ...flags], folder);
  // What code-server's own install script would do, without building what is not needed.
  const editor = path.join(folder, "node_modules", "code-server", "lib", "vscode");
  run("npm", ["install", "--omit=dev", ...flags], editor);
  run("npm", ["install", "--omit=dev", ...flags], path.join(editor, "extensions"));
  fs.writeFileSync(stamp, wanted);
}

function run(command, args, cwd) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  execFileSync(command, args, { cwd, env, stdio: ["ignore", "ignore", 2] });
}
