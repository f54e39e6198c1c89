// Another kind of lock in place of a mutex.

import { readWriteLock, stripedLock } from "../../../src/server/edits/other-lock.ts";
import { numbers, type EditCase } from "./edit-case.ts";

export const locks: readonly EditCase[] = [
  {
    name: "makes a mutex a read-write lock: the read side where nothing is changed",
    edit: readWriteLock,
    at: "acquire(",
    before: `
const rows = (ctx) => ctx.shared("k1", Int32Array, 4);
export const enter = (event, ctx) => {
  const guard = ctx.mutex("k1").acquire();
  try {
    const all = rows(ctx);
    if (all[0] !== all[1]) throw new Error("half changed");
  } finally {
    guard.release();
  }
  ctx.mutex("k1").run(() => {
    rows(ctx)[0] += event.payload;
    rows(ctx)[1] += event.payload;
  });
};
export const state = (event, ctx) => Array.from(rows(ctx));
`,
    from: `ctx.mutex("k1").acquire();
  try {
    const all = rows(ctx);
    if (all[0] !== all[1]) throw new Error("half changed");
  } finally {
    guard.release();
  }
  ctx.mutex("k1").run(`,
    to: `ctx.rwLock("k1").read.acquire();
  try {
    const all = rows(ctx);
    if (all[0] !== all[1]) throw new Error("half changed");
  } finally {
    guard.release();
  }
  ctx.rwLock("k1").write.run(`,
    mayChange: true,
    payloads: numbers,
    results: 101,
  },
  {
    name: "stripes a mutex by the index that each region keeps to",
    edit: stripedLock,
    at: "run(",
    before: `
export const enter = (event, ctx) => {
  const rows = ctx.shared("k2", Int32Array, 16);
  const row = event.payload % 16;
  const lock = ctx.mutex("k2");
  return lock.run(() => {
    const before = rows[row];
    rows[row] = before + event.payload;
    return typeof before;
  });
};
export const state = (event, ctx) => Array.from(ctx.shared("k2", Int32Array, 16));
`,
    from: `ctx.mutex("k2");
  return lock.run(`,
    to: `ctx.striped("k2", 64);
  return lock.of(row).run(`,
    mayChange: true,
    payloads: numbers,
    results: 101,
  },
];
