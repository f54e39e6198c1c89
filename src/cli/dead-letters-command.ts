// `poolscope dead-letters`: shows the events that a run gave up because they ended their threads, and runs them again.

import { readFileSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { visibleTexts } from "../base/visible.ts";
import { codeOf, fileProblem } from "../session/file-problem.ts";
import { moveToNew } from "../session/new-file.ts";
import type { DeadLettersCommand } from "./arguments.ts";
import { exitStatus } from "./exit-status.ts";
import { profileCommand } from "./profile-command.ts";
import type { Terminal } from "./terminal.ts";

interface Letter {
  readonly type: string;
  readonly payload?: unknown;
  readonly clone?: string;
  readonly priority: number;
  readonly error: { readonly name: string; readonly message: string };
  readonly attempts: number;
  readonly time: string;
}

const payloadShown = 60;

export async function deadLettersCommand(
  command: DeadLettersCommand,
  terminal: Terminal,
  runner: URL,
): Promise<number> {
  const file = resolve(command.file);
  const read = readLetters(file);
  if (typeof read === "string") {
    terminal.error(read);
    return exitStatus.notDone;
  }
  if (command.run !== undefined) return runAgain(file, read.length, command, terminal, runner);
  terminal.print(command.json ? `${JSON.stringify(read, undefined, 2)}\n` : letterTable(read));
  return exitStatus.done;
}

/**
 * Moved aside first: the run may write new letters to the same file. What was moved is kept until every event has completed.
 */
async function runAgain(
  file: string,
  count: number,
  { run = "", json }: DeadLettersCommand,
  terminal: Terminal,
  runner: URL,
): Promise<number> {
  const taken = `${file}.running`;
  try {
    moveToNew(file, taken);
  } catch (error) {
    terminal.error(
      codeOf(error) === "EEXIST"
        ? `${taken} is there already: an earlier run did not complete its events, or is still going. Run those first: poolscope dead-letters ${taken} --run ${run}`
        : `${file} can't be moved aside: ${fileProblem(error)}.`,
    );
    return exitStatus.notDone;
  }
  const settings = { workload: taken, duration: "0", "max-failures": "0" };
  const options = { json, force: false, out: undefined, node: undefined, settings };
  const status = await profileCommand(run, options, terminal, runner);
  if (status === exitStatus.done) {
    rmSync(taken);
    terminal.error(`${count} dead letters have completed; ${file} is removed.`);
  } else terminal.error(`Not all dead letters have completed; they are kept in ${taken}.`);
  return status;
}

function readLetters(file: string): readonly Letter[] | string {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return `${file} can't be read: ${fileProblem(error)}.`;
  }
  const letters: Letter[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const letter = letterOf(line);
    if (letter === undefined) return `${file}:${index + 1} is no dead letter: ${line.slice(0, 60)}`;
    letters.push(letter);
  }
  return letters;
}

function letterOf(line: string): Letter | undefined {
  try {
    const value = JSON.parse(line) as Partial<Letter> | null;
    const isLetter = typeof value?.type === "string" && typeof value.error?.message === "string";
    return isLetter ? (value as Letter) : undefined;
  } catch {
    return undefined;
  }
}

function letterTable(letters: readonly Letter[]): string {
  if (letters.length === 0) return "No dead letters.\n";
  const lines = visibleTexts(letters).map(({ time, type, attempts, error, payload, clone }) => {
    const shown = clone === undefined ? (JSON.stringify(payload) ?? "undefined") : "(binary)";
    const short = shown.length > payloadShown ? `${shown.slice(0, payloadShown)}...` : shown;
    const runs = attempts === 1 ? "1 run" : `${attempts} runs`;
    return `${time}  ${type}  ${runs}  ${error.message}\n    ${short}`;
  });
  return `${lines.join("\n")}\n${letters.length} dead letters\n`;
}
