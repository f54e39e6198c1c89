// How concurrency models are called, and what each is for, in one sentence; docs/models.md says the same.

import type { ConcurrencyModelName } from "../protocol/run-configuration.ts";

export const modelWords: Readonly<Record<ConcurrencyModelName, string>> = {
  "leader-followers": "Leader/Followers",
  "half-sync-half-async": "Half-Sync/Half-Async",
  "active-object": "Active Object",
  "monitor-object": "Monitor Object",
  "event-loop": "One event loop",
};

export const modelPurposes: Readonly<Record<ConcurrencyModelName, string>> = {
  "leader-followers":
    "For handlers that compute or block: the thread that takes an event runs it at once, and no event is handed over.",
  "half-sync-half-async":
    "For priorities that hold across all that waits: one front thread takes the events, the others run them.",
  "active-object":
    "For state that belongs to one object: each key stays with one thread and needs no lock.",
  "monitor-object":
    "For objects in shared memory: any thread may run a handler, while it holds the object's lock.",
  "event-loop":
    "For handlers that mostly await: one thread begins them all; one that computes holds up the rest.",
};
