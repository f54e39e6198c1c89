// "Save Run to Workspace": a copy of its trace. The dialog has asked whether what lies there may be replaced; only a trace ever is.

import { constants } from "node:fs";
import { copyFile, lstat, open, realpath, rename, rm } from "node:fs/promises";
import { basename } from "node:path";
import * as vscode from "vscode";

const mark = "POOLTRC";

export async function saveCopy(from: string, to: string): Promise<void> {
  const name = basename(to);
  try {
    if (await isFree(to)) return await copyFile(from, to, constants.COPYFILE_EXCL);
    // A file copied onto itself is as it was.
    if ((await realpath(from)) === (await realpath(to))) return;
    if (await isTrace(to)) return await replace(from, to);
    const text = vscode.l10n.t(
      "{0} is no trace, and only a trace is replaced. Choose another name.",
      name,
    );
    void vscode.window.showErrorMessage(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t("{0} could not be saved: {1}", name, why));
  }
}

async function isFree(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return true;
    throw error;
  }
}

async function isTrace(path: string): Promise<boolean> {
  if (!(await lstat(path)).isFile()) return false;
  const file = await open(path, "r");
  try {
    const { buffer } = await file.read(Buffer.alloc(mark.length), 0, mark.length, 0);
    return buffer.toString("latin1") === mark;
  } finally {
    await file.close();
  }
}

/** What is there stays until the copy is whole. */
async function replace(from: string, to: string): Promise<void> {
  const part = `${to}.part`;
  await copyFile(from, part, constants.COPYFILE_EXCL);
  try {
    await rename(part, to);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
