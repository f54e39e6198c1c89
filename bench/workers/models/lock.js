// Events of 50 us each, all of it under one lock: threads can't help.

export function event({ payload }, ctx) {
  ctx.mutex("all").run(() => {
    const until = process.hrtime.bigint() + 50_000n;
    while (process.hrtime.bigint() < until) payload++;
  });
}

export function* workload() {
  for (let key = 0; ; key = (key + 1) % 64) yield { type: "event", payload: 0, key };
}
