// Entries of the tests that run inside the extension host: mocha over suites, results to a file. Which suites is told by the
// environment: a workspace that is not trusted has some of its own.

import { writeFileSync } from "node:fs";
import Mocha from "mocha";

interface Result {
  readonly name: string;
  readonly error: string | undefined;
  readonly millis: number;
}

export function run(): Promise<void> {
  const mocha = new Mocha({ ui: "bdd", timeout: 60_000 });
  mocha.suite.emit("pre-require", globalThis, "", mocha);
  const results: Result[] = [];
  // Written again after each: when the host hangs it is still told which test was the last.
  const add = (result: Result): void => {
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
        runner.on("pass", (test) =>
          add({ name: test.fullTitle(), error: undefined, millis: test.duration ?? 0 }),
        );
        runner.on("fail", (test, error: Error) =>
          add({
            name: test.fullTitle(),
            error: error.stack ?? error.message,
            millis: test.duration ?? 0,
          }),
        );
        runner.on("pending", (test) =>
          add({ name: test.fullTitle(), error: "it is skipped", millis: 0 }),
        );
      }),
  );
}
