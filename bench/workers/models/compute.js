// Events of as much computing each, about 0.2 ms, of many objects. By turns: by the clock, a time without a processor would
// count as computing.

export function event({ payload }) {
  let sum = payload;
  for (let turn = 0; turn < 150_000; turn++) sum = Math.imul(sum ^ turn, 0x01000193);
  return sum;
}

export function* workload() {
  for (let key = 0; ; key = (key + 1) % 64) yield { type: "event", payload: key, key };
}
