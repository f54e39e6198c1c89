// Atomics in place of locks around counters.

import { atomicsAdd } from "../../../src/server/edits/atomics-add.ts";
import { numbers, type EditCase } from "./edit-case.ts";

const counter = (name: string, type: string, body: string): string => `
export const enter = (event, ctx) => {
  const cells = ctx.shared("${name}", ${type}, 4);
${body}
};
export const state = (event, ctx) => Array.from(ctx.shared("${name}", ${type}, 4));
`;

/** A counter under a lock, in the form with try and finally. */
const guarded = (name: string, type: string, body: string): string =>
  counter(
    name,
    type,
    `  const guard = ctx.mutex("${name}").acquire();\n  try {\n${body}\n  } finally {\n    guard.release();\n  }`,
  );

const guardedPiece = (name: string, body: string): string =>
  `  const guard = ctx.mutex("${name}").acquire();\n  try {\n${body}\n  } finally {\n    guard.release();\n  }`;

const add = {
  edit: atomicsAdd,
  at: "acquire(",
  payloads: numbers,
  results: 101,
  mayChange: false,
} as const;

export const counters: readonly EditCase[] = [
  {
    ...add,
    name: "puts Atomics.add in place of a lock around a counter",
    before: guarded("a1", "Int32Array", "    cells[0]++;"),
    from: guardedPiece("a1", "    cells[0]++;"),
    to: "  Atomics.add(cells, 0, 1);",
  },
  {
    ...add,
    name: "keeps the comments of what it puts Atomics in place of",
    before: guarded("a2", "Int32Array", "    // One more.\n    cells[1] += 2; // two"),
    from: guardedPiece("a2", "    // One more.\n    cells[1] += 2; // two"),
    to: "  // One more.\n  // two\n  Atomics.add(cells, 1, 2);",
  },
  {
    ...add,
    name: "knows a sum that is written out, and returns what is there afterwards",
    before: guarded(
      "a3",
      "Int32Array",
      "    cells[0] = (cells[0] ?? 0) + 1;\n    return cells[0];",
    ),
    from: guardedPiece("a3", "    cells[0] = (cells[0] ?? 0) + 1;\n    return cells[0];"),
    to: "  return (Atomics.add(cells, 0, 1) + 1) | 0;",
  },
  {
    ...add,
    name: "knows a ticket that is drawn: the value from before",
    before: guarded(
      "a4",
      "BigInt64Array",
      "    const ticket = cells[0];\n    cells[0] = ticket + 1n;\n    return ticket;",
    ),
    from: guardedPiece(
      "a4",
      "    const ticket = cells[0];\n    cells[0] = ticket + 1n;\n    return ticket;",
    ),
    to: "  return Atomics.add(cells, 0, 1n);",
  },
  {
    ...add,
    name: "changes every use of the lock in the file: updates, reads, stores",
    at: "run(",
    before: `
export const enter = (event, ctx) => {
  const cells = ctx.shared("a5", Uint32Array, 4);
  ctx.mutex("a5").run(() => {
    cells[2] |= event.payload | 0;
  });
  return 0;
};
export const state = (event, ctx) => {
  const cells = ctx.shared("a5", Uint32Array, 4);
  const lock = ctx.mutex("a5");
  return lock.run(() => cells[2]);
};
`,
    from: `ctx.mutex("a5").run(() => {
    cells[2] |= event.payload | 0;
  });
  return 0;
};
export const state = (event, ctx) => {
  const cells = ctx.shared("a5", Uint32Array, 4);
  const lock = ctx.mutex("a5");
  return lock.run(() => cells[2]);`,
    to: `Atomics.or(cells, 2, event.payload | 0);
  return 0;
};
export const state = (event, ctx) => {
  const cells = ctx.shared("a5", Uint32Array, 4);
  const lock = ctx.mutex("a5");
  return (Atomics.load(cells, 2));`,
  },
  {
    ...add,
    name: "says that a sum which may not be whole may behave otherwise",
    before: guarded("a6", "Int32Array", "    cells[0] += event.payload;"),
    from: guardedPiece("a6", "    cells[0] += event.payload;"),
    to: "  Atomics.add(cells, 0, event.payload);",
    mayChange: true,
  },
  {
    ...add,
    name: "knows an array that a function gives, and an element by a name",
    at: "run(",
    before: `
const hits = (ctx) => ctx.shared("a7", Int32Array, 10);
export const enter = (event, ctx) => ctx.mutex("a7").run(() => ++hits(ctx)[event.payload % 10]);
export const state = (event, ctx) => Array.from(hits(ctx));
`,
    from: 'ctx.mutex("a7").run(() => ++hits(ctx)[event.payload % 10])',
    to: "(Atomics.add(hits(ctx), event.payload % 10, 1) + 1)",
  },
];
