// Handler modules with one planted defect each, for the suites: put into the workspace by the test that needs them.

const visit = `import type { EventRequest, Handler, HandlerContext } from "poolscope";

const visits = (ctx: HandlerContext): Int32Array => ctx.shared("visits", Int32Array, 1);

export const visit: Handler<number> = (event, ctx) => {
  for (let i = 0; i < event.payload; i++) {
    const guard = ctx.mutex("visits").acquire();
    try {
      visits(ctx)[0]++;
    } finally {
      guard.release();
    }
  }
};

export function* workload(): Generator<EventRequest> {
  for (let i = 0; i < 400; i++) yield { type: "visit", payload: 500 };
}
`;

/** One thread meets both orders without a deadlock. */
const orders = `import type { EventRequest, Handler, HandlerContext } from "poolscope";

const rows = (ctx: HandlerContext): Int32Array => ctx.shared("rows", Int32Array, 2);

export const order: Handler<number> = (event, ctx) => {
  ctx.mutex("stock").run(() =>
    ctx.mutex("orders").run(() => {
      rows(ctx)[0] -= event.payload;
      rows(ctx)[1] += event.payload;
    }),
  );
};

export const cancel: Handler<number> = (event, ctx) => {
  ctx.mutex("orders").run(() =>
    ctx.mutex("stock").run(() => {
      rows(ctx)[0] += event.payload;
      rows(ctx)[1] -= event.payload;
    }),
  );
};

export function* workload(): Generator<EventRequest> {
  for (let i = 0; i < 500; i++) {
    yield { type: "order", payload: 2 };
    if (i % 50 === 0) yield { type: "cancel", payload: 1 };
  }
}
`;

const prices = `import { readFile } from "node:fs/promises";
import type { EventRequest, Handler } from "poolscope";

export const price: Handler<string> = async (event, ctx) => {
  const prices = ctx.shared("prices", Int32Array, 1);
  const guard = ctx.mutex("prices").acquire();
  try {
    const text = await readFile(event.payload, "utf8");
    prices[0] = text.length;
  } finally {
    guard.release();
  }
};

export function* workload(): Generator<EventRequest> {
  yield { type: "price", payload: "package.json" };
}
`;

const downstream = `import type { EventRequest, Handler } from "poolscope";

export const ask: Handler<number, number> = async (event, ctx) => {
  await ctx.sleep(20);
  return event.payload;
};

export function* workload(): Generator<EventRequest> {
  for (let i = 0; i < 400; i++) yield { type: "ask", payload: i };
}
`;

/** Turns of one thread queue in a lock that Poolscope has not made. */
const foreign = `import { Mutex } from "async-mutex";

const mutex = new Mutex();

export const save = async (event) => {
  await mutex.runExclusive(() => new Promise((resolve) => setTimeout(resolve, 5)));
  return event.payload;
};

export function* workload() {
  for (let i = 0; i < 400; i++) yield { type: "save", payload: i };
}
`;

export const modules = { visit, orders, prices, downstream, foreign } as const;
