// Prepares a module for a program that uses the pool by itself: what is wrong with the module is an error with its place.

import { prepareModule, type PreparedBefore } from "./prepare-module.ts";
import type { PreparedModule } from "./prepared-module.ts";

export async function prepareOrThrow(
  path: string,
  root: string,
  after?: PreparedBefore,
): Promise<PreparedModule> {
  const prepared = await prepareModule(path, root, {}, after);
  if (prepared.kind === "prepared") return prepared.module;
  const { message, file = path, line, column, advice } = prepared.problem;
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  throw new Error(`${place}: ${message}${advice === undefined ? "" : ` ${advice}`}`);
}
