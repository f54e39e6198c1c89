// A bare worker over postMessage: the strongest plain baseline.

import { parentPort } from "node:worker_threads";
import { run } from "./tasks.js";

parentPort.on("message", ({ number, task }) => {
  try {
    parentPort.postMessage({ number, value: run(task) });
  } catch (error) {
    parentPort.postMessage({ number, error });
  }
});
