// `npm run bench -- fuzz [SECONDS] [SEED]`: mutated traces behind right checksums, by every face, for so long: a minute by default.
// Prints what threw, hung or grew, with the input's number, and keeps the input; one failure makes the exit status 1.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fuzz, fuzzedTrace } from "../test/fuzz/fuzz.ts";

const defaultSeconds = 60;
const folder = "out/fuzz";

export async function fuzzBench([seconds, given]: readonly string[]): Promise<void> {
  const seed = Number(given ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`seed ${seed}`);
  const kinds = new Map<string, number>();
  const { inputs, slowest, failures } = await fuzz(
    Number(seconds ?? defaultSeconds),
    seed,
    (failure) => {
      const kind = failure.what.split("\n").slice(0, 2).join("\n").replace(/\d+/g, "#");
      const times = (kinds.get(kind) ?? 0) + 1;
      kinds.set(kind, times);
      if (times > 1) return;
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `${failure.seed}.pooltrace`);
      writeFileSync(file, fuzzedTrace(failure.seed));
      console.log(`\n${file}: ${failure.what}`);
    },
  );
  for (const [kind, times] of kinds) console.log(`\n${times} times: ${kind}`);
  console.log(
    `${inputs} inputs, ${failures.length} failures of ${kinds.size} kinds; ` +
      `the slowest took ${Math.round(slowest.millis)} ms (seed ${slowest.seed})`,
  );
  if (failures.length > 0) process.exitCode = 1;
}
