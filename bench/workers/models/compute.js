// Events of 200 us of processor each, of many objects.

export function event({ payload }) {
  const until = process.hrtime.bigint() + 200_000n;
  let sum = payload;
  while (process.hrtime.bigint() < until) sum = (sum * 31) | 0;
  return sum;
}

export function* workload() {
  for (let key = 0; ; key = (key + 1) % 64) yield { type: "event", payload: key, key };
}
