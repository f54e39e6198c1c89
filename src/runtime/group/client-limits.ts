// A token bucket for each client, and how many events each sent lately. Clients are without number: those that have been quiet
// longest are forgotten first, with a full bucket.

import type { GroupFigures, GroupOptions } from "./group-front.ts";
import { Period } from "./period.ts";

const mostClients = 10_000;
const shownClients = 10;

interface Bucket {
  tokens: number;
  at: number;
}

interface ClientCounts {
  events: number;
  limited: number;
}

export class ClientLimits {
  readonly #limit: GroupOptions["rateLimit"];
  readonly #now: () => number;
  /** Least recently used first. */
  readonly #buckets = new Map<string, Bucket>();
  readonly #counts: Period<Map<string, ClientCounts>>;

  constructor(limit: GroupOptions["rateLimit"], now: () => number) {
    this.#limit = limit;
    this.#now = now;
    this.#counts = new Period(now, () => new Map());
  }

  /** Counts the event. False when its client has none left now. */
  allows(client: string | undefined): boolean {
    if (client === undefined) return true;
    const allowed = this.#takeToken(client);
    const counts = this.#counts.current;
    const known = counts.get(client);
    if (known !== undefined) {
      known.events++;
      if (!allowed) known.limited++;
    } else if (counts.size < mostClients) {
      counts.set(client, { events: 1, limited: allowed ? 0 : 1 });
    }
    return allowed;
  }

  busiest(): GroupFigures["clients"] {
    const all = new Map<string, ClientCounts>();
    for (const counts of this.#counts.all) {
      for (const [client, { events, limited }] of counts) {
        const sum = all.get(client) ?? { events: 0, limited: 0 };
        all.set(client, { events: sum.events + events, limited: sum.limited + limited });
      }
    }
    return [...all]
      .map(([client, counts]) => ({ client, ...counts }))
      .sort((first, second) => second.events - first.events)
      .slice(0, shownClients);
  }

  #takeToken(client: string): boolean {
    if (this.#limit === undefined) return true;
    const { perSecond, burst = Math.max(1, perSecond) } = this.#limit;
    const now = this.#now();
    const bucket = this.#buckets.get(client) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * perSecond) / 1000);
    bucket.at = now;
    this.#buckets.delete(client);
    this.#buckets.set(client, bucket);
    if (this.#buckets.size > mostClients) this.#forgetOldest();
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  #forgetOldest(): void {
    for (const client of this.#buckets.keys()) {
      this.#buckets.delete(client);
      return;
    }
  }
}
