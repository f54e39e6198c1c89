// Edits of what runs under a lock: released on every path, moved out of it.

import { moveOutOfLock } from "../../../src/server/edits/move-out-of-lock.ts";
import { moveWaitOutOfLock } from "../../../src/server/edits/move-wait-out-of-lock.ts";
import { releaseOnEveryPath } from "../../../src/server/edits/release-on-every-path.ts";
import { numbers, type EditCase } from "./edit-case.ts";

export const released: readonly EditCase[] = [
  {
    name: "puts try and finally around what runs before a release",
    edit: releaseOnEveryPath,
    at: "acquire(",
    before: `
export const enter = (event, ctx) => {
	const cells = ctx.shared("r1", Int32Array, 1);
	const guard = ctx.mutex("r1").acquire();
	cells[0] += event.payload;
	check(cells);

	guard.release();
	return event.payload;
};
function check(cells) {
	if (cells[0] < 0) throw new Error("less than nothing");
}
export const state = (event, ctx) => ctx.shared("r1", Int32Array, 1)[0];
`,
    from: `
	cells[0] += event.payload;
	check(cells);

	guard.release();`,
    to: `
	try {
		cells[0] += event.payload;
		check(cells);
	} finally {
		guard.release();
	}`,
    mayChange: false,
    payloads: numbers,
    results: 101,
  },
];

export const moved: readonly EditCase[] = [
  {
    name: "moves a call out of the lock whose operands don't change",
    edit: moveOutOfLock,
    at: "acquire(",
    before: `
function hash(amount: number): number {
  let value = amount;
  for (let i = 0; i < 1000; i++) value = Math.imul(value ^ i, 31);
  return value;
}
export const enter = (event, ctx) => add(ctx, event.payload);
function add(ctx, amount: number) {
  const cells = ctx.shared("m1", Int32Array, 1);
  const guard = ctx.mutex("m1").acquire();
  try {
    const sum = hash(amount);
    cells[0] += sum;
    return sum;
  } finally {
    guard.release();
  }
}
export const state = (event, ctx) => ctx.shared("m1", Int32Array, 1)[0];
`,
    from: `  const guard = ctx.mutex("m1").acquire();
  try {
    const sum = hash(amount);
`,
    to: `  const sum = hash(amount);
  const guard = ctx.mutex("m1").acquire();
  try {
`,
    mayChange: false,
    payloads: numbers,
    results: 101,
  },
];

export const worked: readonly EditCase[] = [
  {
    name: "moves work on the event's own payload, with its comments, at the indent of where it goes",
    edit: moveOutOfLock,
    at: "run(",
    before: `
import { createHash } from "node:crypto";
export const enter = (event, ctx) => {
  const { text, rounds } = event.payload;
  return ctx.mutex("m2").run(() => {
    const cells = ctx.shared("m2", Int32Array, 1);
    // Nobody else needs to wait for this.
    const words = text
      .split(" ")
      .map((word) => createHash("sha256").update(word).digest("hex"));
    let longest = 0;
    for (const word of words) longest = Math.max(longest, word.length * rounds);
    cells[0] += longest;
    return words;
  });
};
export const state = (event, ctx) => ctx.shared("m2", Int32Array, 1)[0];
`,
    from: `  return ctx.mutex("m2").run(() => {
    const cells = ctx.shared("m2", Int32Array, 1);
    // Nobody else needs to wait for this.
    const words = text
      .split(" ")
      .map((word) => createHash("sha256").update(word).digest("hex"));
`,
    to: `  // Nobody else needs to wait for this.
  const words = text
    .split(" ")
    .map((word) => createHash("sha256").update(word).digest("hex"));
  return ctx.mutex("m2").run(() => {
    const cells = ctx.shared("m2", Int32Array, 1);
`,
    mayChange: false,
    payloads: numbers.map((rounds) => ({ text: `a few words ${rounds}`, rounds })),
    results: 101,
  },
  {
    name: "moves a call out of the middle of a statement",
    edit: moveOutOfLock,
    at: "acquire(",
    before: `
const primes = [2, 3, 5, 7];
function weigh(order) {
  const sums = [];
  for (const line of order.lines) sums.push(line * primes[line % 4]);
  return sums.reduce((sum, each) => sum + each, 0);
}
export const enter = (event, ctx) => {
  const cells = ctx.shared("m3", Int32Array, 1);
  const guard = ctx.mutex("m3").acquire();
  try {
    const before = cells[0];
    cells[0] = before + weigh(event.payload);
  } finally {
    guard.release();
  }
};
export const state = (event, ctx) => ctx.shared("m3", Int32Array, 1)[0];
`,
    from: `  const guard = ctx.mutex("m3").acquire();
  try {
    const before = cells[0];
    cells[0] = before + weigh(event.payload);`,
    to: `  const weighResult = weigh(event.payload);
  const guard = ctx.mutex("m3").acquire();
  try {
    const before = cells[0];
    cells[0] = before + weighResult;`,
    mayChange: false,
    payloads: numbers.map((line) => ({ lines: [line, line + 1] })),
    results: 101,
  },
];

export const waits: readonly EditCase[] = [
  {
    name: "moves an await from the beginning of a locked region to before the acquire",
    edit: moveWaitOutOfLock,
    at: "acquireAsync(",
    before: `
import { readFile } from "node:fs/promises";
export const enter = async (event, ctx) => {
  const cells = ctx.shared("q1", Int32Array, 1);
  const guard = await ctx.mutex("q1").acquireAsync();
  try {
    const text = await readFile(import.meta.filename, "utf8");
    const size = text.split("\\n").length;
    cells[0] += size;
    return size;
  } finally {
    guard.release();
  }
};
export const state = (event, ctx) => ctx.shared("q1", Int32Array, 1)[0];
`,
    from: `  const guard = await ctx.mutex("q1").acquireAsync();
  try {
    const text = await readFile(import.meta.filename, "utf8");
`,
    to: `  const text = await readFile(import.meta.filename, "utf8");
  const guard = await ctx.mutex("q1").acquireAsync();
  try {
`,
    mayChange: true,
    payloads: numbers.slice(0, 40),
    results: 41,
  },
  {
    name: "moves a call that blocks from the end of a locked region to behind the release",
    edit: moveWaitOutOfLock,
    at: "acquire(",
    before: `
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
const log = join(import.meta.dirname, "log.txt");
export const enter = (event, ctx) => {
  const cells = ctx.shared("q2", Int32Array, 1);
  const guard = ctx.mutex("q2").acquire();
  try {
    cells[0]++;
    appendFileSync(log, \`\${event.payload}\\n\`); // each on a line
  } finally {
    guard.release();
  }
  return event.payload;
};
export const state = (event, ctx) => [
  ctx.shared("q2", Int32Array, 1)[0],
  readFileSync(log, "utf8").split("\\n").sort(),
];
`,
    from: `    appendFileSync(log, \`\${event.payload}\\n\`); // each on a line
  } finally {
    guard.release();
  }
`,
    to: `  } finally {
    guard.release();
  }
  appendFileSync(log, \`\${event.payload}\\n\`); // each on a line
`,
    mayChange: true,
    payloads: numbers.slice(0, 40),
    results: 41,
  },
];
