// The local endpoint for a pool's figures, which the person turns on: http://127.0.0.1:PORT/metrics. Reachable from this
// machine only.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { PoolStats } from "../pool-front.ts";
import { contentType, openMetrics } from "./open-metrics.ts";

export interface MetricsServer {
  readonly port: number;
  close(): void;
}

/** Port 0 takes any that is free. Rejects when the port is taken. It keeps no process alive. */
export async function serveMetrics(port: number, stats: () => PoolStats): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    const isAsked = request.method === "GET" && request.url === "/metrics";
    if (!isAsked) return void response.writeHead(404).end("GET /metrics\n");
    response.writeHead(200, { "content-type": contentType }).end(openMetrics(stats()));
  });
  await listening(server, port);
  server.unref();
  const { port: taken } = server.address() as AddressInfo;
  return { port: taken, close: () => void server.close() };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new Error(`metrics: port ${port} can't be used (${error.code ?? error.message}).`)),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
}
