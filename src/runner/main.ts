// The runtime process's entry: a run under a session's control, over the IPC channel. Nothing of the person's code runs in
// the session's process. When the session goes away, this process ends.

import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from "vscode-jsonrpc/node";
import {
  dataPipeDescriptor,
  type BlockAnswer,
  type BlockParams,
  runMethods,
  type StartParams,
  type StartResult,
  type StopParams,
} from "../protocol/run-messages.ts";
import { Run } from "./run.ts";
import { threadScripts } from "./thread-scripts.ts";

const progressMillis = 100;

// Ctrl-C and a hang-up reach every process of the terminal, SIGTERM all of a service's: the session ends this one, so that
// its trace becomes whole.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => undefined);

const connection = createMessageConnection(
  new IPCMessageReader(process),
  new IPCMessageWriter(process),
);
let run: Run | undefined;

connection.onRequest<StartResult, void>(
  runMethods.start,
  async (params: StartParams): Promise<StartResult> => {
    const { cwd } = params.configuration;
    if (cwd !== undefined) process.chdir(cwd);
    // A run that stands still between its blocks tells nothing of itself.
    const timer =
      params.blocks === undefined
        ? setInterval(() => {
            if (run === undefined) return;
            void connection.sendNotification(runMethods.progress, run.progress());
          }, progressMillis)
        : undefined;
    run = new Run(params, threadScripts(import.meta.url), dataPipeDescriptor, {
      output: (line) => void connection.sendNotification(runMethods.output, line),
      failure: (failure) => void connection.sendNotification(runMethods.failure, failure),
      warning: (message) => void connection.sendNotification(runMethods.warning, message),
      ended: (ended) => {
        clearInterval(timer);
        void connection.sendNotification(runMethods.ended, ended);
      },
    });
    const result = await run.start();
    if (result.kind === "refused") clearInterval(timer);
    return result;
  },
);

connection.onRequest<BlockAnswer, void>(
  runMethods.block,
  async (params: BlockParams): Promise<BlockAnswer> =>
    (await run?.block(params)) ?? {
      kind: "failed",
      problem: { message: "The run has not started." },
    },
);

connection.onRequest(runMethods.stop, async (params: StopParams) => {
  await run?.stop(params);
});

process.on("disconnect", () => process.exit(0));
connection.listen();
