// Where the command line writes: figures to stdout, everything else to stderr; and where it asks. Whatever it is given, a terminal
// obeys nothing in it but line ends and colours.

import { createInterface } from "node:readline/promises";
import { visible, visibleLines, visibleStyledLines } from "../base/visible.ts";
import { codeOf, fileProblem } from "../session/file-problem.ts";

export interface Terminal {
  /** Whether stdout takes colours: a terminal, and NO_COLOR not set. */
  readonly colour: boolean;
  print(text: string): void;
  error(text: string): void;
  /** A line that the person's program wrote; its colours stay. */
  output(line: string): void;
  /** In place of what it said before; nothing when piped. "" takes it away. */
  progress(text: string): void;
  /** What the person answers, "" when they end the input; undefined where there is nobody to be asked. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
}

/** Nobody reads any more: `| head` has seen enough, the terminal's window is closed. */
const readersGone: ReadonlySet<string | undefined> = new Set(["EPIPE", "EIO", "ECONNRESET"]);

/**
 * Who reads no further changes nothing of what a command does, nor of its status; `lost` is called when what was printed could
 * not be written for another reason.
 */
export function processTerminal(lost: () => void): Terminal {
  process.stderr.on("error", () => undefined);
  process.stdout.on("error", (error) => {
    if (readersGone.has(codeOf(error))) return;
    process.stderr.write(`The output could not be written: ${fileProblem(error)}.\n`);
    lost();
  });
  const colour = process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "";
  return {
    colour,
    print: (text) => void process.stdout.write((colour ? visibleStyledLines : visibleLines)(text)),
    error: (text) => void process.stderr.write(`${visibleLines(text)}\n`),
    output: (line) => void process.stderr.write(`${visibleStyledLines(line)}\n`),
    progress: (text) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${visible(text)}`);
    },
    ask: process.stdin.isTTY && process.stdout.isTTY ? askPerson : undefined,
  };
}

async function askPerson(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<string>((resolve) => {
    lines.once("close", () => resolve(""));
  });
  try {
    return await Promise.race([lines.question(question), ended]);
  } finally {
    lines.close();
  }
}
