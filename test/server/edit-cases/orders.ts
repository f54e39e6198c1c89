// Two locks taken in one order everywhere.

import { globalLockOrder } from "../../../src/server/edits/global-lock-order.ts";
import { numbers, type EditCase } from "./edit-case.ts";

const order = { edit: globalLockOrder, mayChange: true, payloads: numbers, results: 101 } as const;

export const orders: readonly EditCase[] = [
  {
    ...order,
    name: "takes two locks the other way round, each with its own guard",
    at: "acquire(); // second",
    before: `
export const enter = (event, ctx) => {
  const rows = ctx.shared("o1", Int32Array, 2);
  const stock = ctx.mutex("o1-stock").acquire();
  try {
    const orders = ctx.mutex("o1-orders").acquire(); // second
    try {
      rows[0] += event.payload;
      rows[1]++;
    } finally {
      orders.release();
    }
  } finally {
    stock.release();
  }
};
export const state = (event, ctx) => Array.from(ctx.shared("o1", Int32Array, 2));
`,
    from: `  const stock = ctx.mutex("o1-stock").acquire();
  try {
    const orders = ctx.mutex("o1-orders").acquire(); // second
    try {
      rows[0] += event.payload;
      rows[1]++;
    } finally {
      orders.release();
    }
  } finally {
    stock.release();
  }`,
    to: `  const orders = ctx.mutex("o1-orders").acquire();
  try {
    const stock = ctx.mutex("o1-stock").acquire(); // second
    try {
      rows[0] += event.payload;
      rows[1]++;
    } finally {
      stock.release();
    }
  } finally {
    orders.release();
  }`,
  },
  {
    ...order,
    name: "takes locks that run() takes the other way round, where they are kept in constants",
    at: "run(() => {",
    before: `
export const enter = (event, ctx) => {
  const rows = ctx.shared("o2", Int32Array, 2);
  const stock = ctx.mutex("o2-stock");
  const orders = ctx.mutex("o2-orders");
  return stock.run(() => orders.run(() => {
    rows[0] += event.payload;
    return event.payload;
  }));
};
export const state = (event, ctx) => Array.from(ctx.shared("o2", Int32Array, 2));
`,
    from: "stock.run(() => orders.run(() => {",
    to: "orders.run(() => stock.run(() => {",
  },
  {
    ...order,
    name: "sorts the names of two locks of one kind",
    at: "run(() => {",
    before: `
export const enter = (event, ctx) => {
  const accounts = ctx.shared("o3", Int32Array, 8);
  const from = event.payload % 8;
  const to = (event.payload + 1) % 8;
  return ctx.mutex(\`o3-\${Math.min(from, to)}\`).run(() =>
    ctx.mutex(\`o3-\${Math.max(from, to)}\`).run(() => {
      accounts[from]--;
      accounts[to]++;
    }),
  );
};
export const state = (event, ctx) => Array.from(ctx.shared("o3", Int32Array, 8));
`,
    from: `  return ctx.mutex(\`o3-\${Math.min(from, to)}\`).run(() =>
    ctx.mutex(\`o3-\${Math.max(from, to)}\`).run(() => {`,
    to: `  const [firstLock, secondLock] = [\`o3-\${Math.min(from, to)}\`, \`o3-\${Math.max(from, to)}\`].sort() as [string, string];
  return ctx.mutex(firstLock).run(() =>
    ctx.mutex(secondLock).run(() => {`,
  },
];
