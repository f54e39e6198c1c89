// A pool's figures, put together when they are asked for; and the endpoint that shows them, when there is to be one.

import { readCounts } from "../memory/counts.ts";
import { longestDelay } from "../supervisor/elastic.ts";
import type { PoolCore } from "../pool-core.ts";
import type { PoolStats } from "../pool-front.ts";
import type { PoolState } from "../pool-state.ts";
import type { Supervisor } from "../supervisor/supervisor.ts";
import { handOffFigures } from "./hand-off.ts";
import { serveMetrics, type MetricsServer } from "./metrics-server.ts";
import { RoleSampler } from "./role-sampler.ts";

export class PoolHealth {
  readonly #core: PoolCore;
  readonly #supervisor: Supervisor;
  readonly #state: () => PoolState;
  #sampler: RoleSampler | undefined;
  #server: MetricsServer | undefined;

  constructor(core: PoolCore, supervisor: Supervisor, state: () => PoolState) {
    this.#core = core;
    this.#supervisor = supervisor;
    this.#state = state;
  }

  get metricsPort(): number | undefined {
    return this.#server?.port;
  }

  /** Opens the endpoint, if the options ask for one. */
  async open(): Promise<void> {
    const { metricsPort } = this.#core.options;
    if (metricsPort === undefined) return;
    this.#server = await serveMetrics(metricsPort, () => this.stats());
    this.stats();
  }

  close(): void {
    this.#sampler?.close();
    this.#server?.close();
  }

  stats(): PoolStats {
    const { memory, parts } = this.#core;
    const { seats, losses, wanted } = this.#supervisor;
    const joined = (): number[] =>
      seats.of("member").flatMap((seat) => (seat.joined ? [seat.index] : []));
    this.#sampler ??= new RoleSampler(memory, joined);
    return {
      state: this.#state(),
      threads: {
        wanted,
        joined: joined().length,
        spare: seats.of("spare").length,
        dying: seats.of("dying").length,
      },
      queue: {
        depth: parts.handleSet.depth(),
        delayMillis: longestDelay(memory, parts.handleSet, parts.nowMicros) / 1000,
      },
      counts: readCounts(memory),
      utilisation: this.#sampler.shares(),
      handOff: handOffFigures(memory),
      lost: losses.count,
      recovery: losses.recovery,
    };
  }
}
