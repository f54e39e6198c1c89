// Runs mocha inside the extension host, against the installed extension: the development extension that the editor wants for
// this is a stub.

import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Browser } from "playwright-core";
import type { CodeServer } from "./code-server.ts";

export interface HostResult {
  readonly name: string;
  readonly error: string | undefined;
  readonly millis: number;
  /** Why it was tried once more; undefined when the first attempt passed. */
  readonly firstError: string | undefined;
}

const limitMillis = 600_000;

export async function runInHost(
  browser: Browser,
  { port }: CodeServer,
  paths: { readonly root: string; readonly suite: string; readonly results: string },
): Promise<readonly HostResult[]> {
  const stub = mkdtempSync(join(tmpdir(), "poolscope-stub-"));
  const workspace = mkdtempSync(join(tmpdir(), "poolscope-ws-"));
  writeFileSync(
    join(stub, "package.json"),
    '{ "name": "stub", "publisher": "stub", "version": "0.0.1", "engines": { "vscode": "^1.95.0" }, "capabilities": { "untrustedWorkspaces": { "supported": true } } }\n',
  );
  writeFileSync(join(workspace, "package.json"), '{ "name": "workspace", "type": "module" }\n');
  const example = join(paths.root, "examples", "bank-transfers", "accounts.ts");
  writeFileSync(join(workspace, "accounts.ts"), readFileSync(example));
  writeFileSync(join(workspace, "plain.ts"), "export const answer = 42;\n");
  // A library with locks of its own, as a person has it installed.
  for (const name of ["async-mutex", "tslib"]) {
    const installed = join("node_modules", name);
    cpSync(join(paths.root, installed), join(workspace, installed), { recursive: true });
  }
  mkdirSync(dirname(paths.results), { recursive: true });
  rmSync(paths.results, { force: true });
  const remote = `vscode-remote://127.0.0.1:${port}`;
  const payload = [
    ["extensionDevelopmentPath", remote + stub],
    ["extensionTestsPath", remote + paths.suite],
  ];
  const query = new URLSearchParams({ folder: workspace, payload: JSON.stringify(payload) });
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  const page = await context.newPage();
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve("it took too long"), limitMillis);
    void page.exposeFunction("codeAutomationExit", (code: number) => resolve(`exit code ${code}`));
  });
  await page.exposeFunction("codeAutomationLog", () => undefined);
  await page.goto(`http://127.0.0.1:${port}/?${query.toString()}`);
  const how = await over;
  clearTimeout(timer);
  await page.goto("about:blank");
  await context.close();
  rmSync(stub, { recursive: true, force: true });
  rmSync(workspace, { recursive: true, force: true });
  if (!existsSync(paths.results)) {
    const name = "mocha inside the extension host";
    return [{ name, error: `no result: ${how}`, millis: 0, firstError: undefined }];
  }
  const results = JSON.parse(readFileSync(paths.results, "utf8")) as HostResult[];
  if (!how.startsWith("exit code")) {
    const name = `what came after "${results.at(-1)?.name ?? ""}"`;
    return [...results, { name, error: how, millis: 0, firstError: undefined }];
  }
  return results;
}
