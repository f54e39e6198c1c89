// Entries of the tests that run inside the extension host: mocha over suites, results to a file. Which suites is told by the
// environment: a workspace that is not trusted has some of its own.

import { writeFileSync } from "node:fs";
import Mocha from "mocha";
import type { HostResult } from "../in-host.ts";

const messageOf = (error: Error): string => error.stack ?? error.message;

export function run(): Promise<void> {
  // As with the scenarios: in CI once more, and told.
  const retries = process.env["CI"] === undefined ? 0 : 1;
  const mocha = new Mocha({ ui: "bdd", timeout: 120_000, retries });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  const results: HostResult[] = [];
  // Written again after each: when the host hangs it is still told which test was the last.
  const add = (result: HostResult): void => {
    results.push(result);
    writeFileSync(process.env["POOLSCOPE_TEST_RESULTS"] ?? "", JSON.stringify(results));
  };
  const isUntrusted = process.env["POOLSCOPE_TEST_TRUST"] === "on";
  const suites = isUntrusted ? import("./untrusted.ts") : import("./suites.ts");
  return suites.then(
    () =>
      new Promise((resolve, reject) => {
        const runner = mocha.run((failures) => {
          if (failures === 0) resolve();
          else reject(new Error(`${failures} failed`));
        });
        const firstErrors = new Map<string, string>();
        const tell = (test: Mocha.Test, error?: string): void => {
          const name = test.fullTitle();
          add({ name, error, millis: test.duration ?? 0, firstError: firstErrors.get(name) });
        };
        runner.on("retry", (test, error: Error) =>
          firstErrors.set(test.fullTitle(), messageOf(error)),
        );
        runner.on("pass", (test) => tell(test));
        runner.on("fail", (test, error: Error) => tell(test, messageOf(error)));
        runner.on("pending", (test) => tell(test, "it is skipped"));
      }),
  );
}
