// What the command line ends with. Documented in its help and in README.md.

export const exitStatus = {
  done: 0,
  /** The answer is no, and nothing else: a limit or a budget passed, slower, other results. */
  failures: 1,
  /** The command line or a configuration is wrong. */
  usage: 2,
  /** It could not be done, or not to its end; mistakes of our own too. */
  notDone: 3,
} as const;
