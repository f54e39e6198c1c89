// A worker thread of the server that makes one comparison, of versions or of concurrency models, and answers once: it reads
// and analyses traces, which would hold up the server.

import { parentPort, workerData } from "node:worker_threads";
import { pathToFileURL } from "node:url";
import { assert } from "../base/assert.ts";
import type { ComparisonTold } from "./comparison-told.ts";
import { compareModelsOfTrace } from "./compare-models-of-trace.ts";
import type { CompareStart, FromCompareThread } from "./compare-thread-messages.ts";
import { compareWithNow } from "./compare-with-now.ts";

assert(parentPort !== null, "compare-thread-main runs in a worker thread only");
const port = parentPort;
const { job, runner, folders } = workerData as CompareStart;

function tell(message: FromCompareThread): void {
  port.postMessage(message);
}

const told: ComparisonTold = {
  runner: pathToFileURL(runner),
  folders,
  progress: (done, total, text) => tell({ kind: "progress", done, total, text }),
  output: (line) => tell({ kind: "output", line }),
  onCancel: (cancel) => port.on("message", cancel),
};

// A bundle that is CommonJS has no await of its own; what the job throws ends the thread, and the server tells it.
void (
  job.of === "versions" ? compareWithNow(job.params, told) : compareModelsOfTrace(job.params, told)
).then((answer) => {
  tell({ kind: "answer", answer });
  port.close();
});
