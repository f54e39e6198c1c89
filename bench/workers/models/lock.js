// Events of about 50 us each, all of it under one lock: threads can't help.

export function event({ payload }, ctx) {
  return ctx.mutex("all").run(() => {
    let sum = payload;
    for (let turn = 0; turn < 40_000; turn++) sum = Math.imul(sum ^ turn, 0x01000193);
    return sum;
  });
}

export function* workload() {
  for (let key = 0; ; key = (key + 1) % 64) yield { type: "event", payload: 0, key };
}
