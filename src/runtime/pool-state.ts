// What a pool is as a whole. One value at a time; `broken` and `closed` are for ever, but for a pool in a process of its own,
// which is started again. No imports: it ships as text.

export type PoolState =
  | { readonly kind: "running" }
  /** It works, but with less than was asked for. */
  | { readonly kind: "degraded"; readonly reasons: readonly string[] }
  /** It takes no events any more; those that waited have ended with this reason. */
  | { readonly kind: "broken"; readonly reason: string }
  /** close was called. */
  | { readonly kind: "closed" };
