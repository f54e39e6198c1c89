// `npm run bench -- NAME` runs one benchmark. Each lives in a file of its own and is listed here
// by name.

import process from "node:process";

import { poolBench } from "./pool.ts";
import { recordingBench } from "./recording.ts";

const benches: ReadonlyMap<string, () => Promise<void>> = new Map([
  ["pool", poolBench],
  ["recording", recordingBench],
]);

const name = process.argv[2];
const bench = benches.get(name ?? "");
if (bench === undefined) {
  console.error(
    `Usage: npm run bench -- NAME, where NAME is one of: ${[...benches.keys()].join(", ")}`,
  );
  process.exitCode = 2;
} else {
  await bench();
}
