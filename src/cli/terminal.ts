// Where the command line writes: figures to stdout, everything else to stderr.

export interface Terminal {
  /** Whether stdout takes colours: a terminal, and NO_COLOR not set. */
  readonly colour: boolean;
  print(text: string): void;
  error(text: string): void;
  /** In place of what it said before; nothing when piped. "" takes it away. */
  progress(text: string): void;
}

export function processTerminal(): Terminal {
  return {
    colour: process.stdout.isTTY && (process.env["NO_COLOR"] ?? "") === "",
    print: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(`${text}\n`),
    progress: (text) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
    },
  };
}
