// A stream of short events, one in four under a lock: what a trace of a busy pool is made of.

export const read = (event) => event.payload;

export const write = (event, ctx) => {
  const cells = ctx.shared("cells", Int32Array, 16);
  ctx.mutex("cells").run(() => {
    cells[event.id & 15] = event.id;
  });
};

export function* workload() {
  for (let id = 0; ; id++) yield { type: id % 4 === 0 ? "write" : "read", payload: { id } };
}
