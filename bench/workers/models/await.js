// Events that wait for 2 ms without a processor, as for a database.

export const event = (_event, ctx) => ctx.sleep(2);

export function* workload() {
  for (let key = 0; ; key = (key + 1) % 64) yield { type: "event", key };
}
