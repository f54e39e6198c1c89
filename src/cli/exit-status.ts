// What the command line ends with. Documented in its help.

export const exitStatus = { done: 0, failures: 1, usage: 2, notDone: 3 } as const;
