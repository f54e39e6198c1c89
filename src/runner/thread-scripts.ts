// Where the runtime process finds the scripts of its threads: bundled beside it, or compiled where their sources are.

export interface ThreadScripts {
  readonly pool: URL;
  readonly collector: URL;
  readonly workload: URL;
}

export function threadScripts(self: string): ThreadScripts {
  const bundled = self.endsWith("/runner.js");
  const beside = (bundle: string, compiled: string): URL =>
    new URL(bundled ? bundle : compiled, self);
  return {
    pool: beside("./pool-thread.js", "../runtime/pool-thread-main.js"),
    collector: beside("./collector-thread.js", "./collector-main.js"),
    workload: beside("./workload-thread.js", "./workload-main.js"),
  };
}
