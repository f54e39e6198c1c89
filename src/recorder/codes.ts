// Event kind to code, looked up once: hot paths read a property instead of searching a table.

import { eventKinds, type EventKind } from "../trace/event-kind.ts";
import type { Codes } from "./recorder.ts";

export const codes: Codes = Object.fromEntries(
  Object.entries(eventKinds).map(([kind, definition]) => [kind as EventKind, definition.code]),
) as Record<EventKind, number>;
