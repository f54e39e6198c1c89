// Mocha's reporter: its own `spec`, and after it which tests passed only when they were tried once more (`--retries`, as CI asks for),
// with what went wrong at the first attempt. A CommonJS file, as mocha requires it.

const { reporters, Runner } = require("mocha");

const { EVENT_RUN_END, EVENT_TEST_PASS, EVENT_TEST_RETRY } = Runner.constants;
const openMillis = 10_000;

module.exports = function SpecAndRetries(runner, options) {
  const firstErrors = new Map();
  const passedAgain = new Map();
  const spec = new reporters.Spec(runner, options);
  runner.on(EVENT_TEST_RETRY, (test, error) => firstErrors.set(test.fullTitle(), error));
  runner.on(EVENT_TEST_PASS, (test) => {
    const title = test.fullTitle();
    if (firstErrors.has(title)) passedAgain.set(title, firstErrors.get(title));
  });
  runner.on(EVENT_RUN_END, () => {
    for (const [title, error] of passedAgain) {
      console.log(`passed at the second attempt only: ${title}`);
      console.log(error);
    }
    // A test that fails may leave a pool open. Where none has, a process that does not end is a failure of its own.
    if (firstErrors.size === 0 && runner.failures === 0) return;
    setTimeout(() => process.exit(), openMillis).unref();
  });
  return spec;
};
