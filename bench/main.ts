// `npm run bench -- NAME [OPTION ...]` runs one benchmark. Each lives in a file of its own and is listed here
// by name.

import process from "node:process";

import { activationBench } from "./activation.ts";
import { balanceBench } from "./balance.ts";
import { compareBench } from "./compare/compare.ts";
import { failuresBench } from "./failures.ts";
import { fireBench } from "./fire/fire.ts";
import { findingsBench } from "./findings/findings.ts";
import { fuzzBench } from "./fuzz.ts";
import { modelsBench } from "./models.ts";
import { poolBench } from "./pool.ts";
import { promotionBench } from "./promotion.ts";
import { recordingBench } from "./recording.ts";
import { soakBench } from "./soak.ts";
import { truthBench } from "./truth.ts";

const benches: ReadonlyMap<string, (options: readonly string[]) => Promise<void>> = new Map([
  ["activation", activationBench],
  ["balance", balanceBench],
  ["compare", compareBench],
  ["failures", failuresBench],
  ["findings", findingsBench],
  ["fuzz", fuzzBench],
  ["fire", fireBench],
  ["models", modelsBench],
  ["pool", poolBench],
  ["promotion", promotionBench],
  ["recording", recordingBench],
  ["soak", soakBench],
  ["truth", truthBench],
]);

const [name, ...options] = process.argv.slice(2);
const bench = benches.get(name ?? "");
if (bench === undefined) {
  console.error(
    `Usage: npm run bench -- NAME, where NAME is one of: ${[...benches.keys()].join(", ")}`,
  );
  process.exitCode = 2;
} else {
  await bench(options);
}
