// The tasks that every pool runs, and the handler of a piscina or tinypool worker, a raw worker, or ours.

const calibrated = new Int32Array(1);

/** Busy for `micros`, by the clock: the same work whatever the pool. */
function spin(micros) {
  const until = process.hrtime.bigint() + BigInt(micros) * 1000n;
  while (process.hrtime.bigint() < until) calibrated[0]++;
}

/** The answer says how long the work itself took, so that a machine that was busy elsewhere is noticed. */
export function run(task) {
  if (task.fails) throw new Error(`task ${task.id} was to fail`);
  if (task.spin === 0) return task;
  const began = performance.now();
  spin(task.spin);
  return { ...task, took: (performance.now() - began) * 1000 };
}
