// The JSON of a chunk's body. It is refused before it is parsed when it holds more values than a trace has: parsed, empty objects
// take twenty times their bytes.

import { budgets } from "./budgets.ts";

/** Throws on what is no JSON. */
export function jsonOf(raw: Uint8Array): unknown {
  if (valuesAtMost(raw) > budgets.jsonValues) throw new Error("it holds too many values");
  return JSON.parse(new TextDecoder().decode(raw));
}

const opensOrParts: ReadonlySet<number> = new Set(Array.from("[{,:", (each) => each.charCodeAt(0)));

/** Before each value but the first stands one of four signs; texts have them too, so this counts too many rather than too few. */
function valuesAtMost(raw: Uint8Array): number {
  if (raw.length < budgets.jsonValues) return 1;
  let count = 1;
  for (const byte of raw) if (opensOrParts.has(byte)) count++;
  return count;
}
