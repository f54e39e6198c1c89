// The JSON of a chunk's body. It is refused before it is parsed when it holds more values than a trace has: parsed, empty objects
// take twenty times their bytes.

import { budgets } from "./budgets.ts";

/** Throws on what is no JSON. */
export function jsonOf(raw: Uint8Array): unknown {
  if (valuesAtMost(raw) > budgets.jsonValues) throw new Error("it holds too many values");
  return JSON.parse(new TextDecoder().decode(raw));
}

/** 1 for the bytes of the four signs. */
const opensOrParts = new Uint8Array(256);
for (const sign of "[{,:") opensOrParts[sign.charCodeAt(0)] = 1;

/** Before each value but the first stands one of four signs; texts have them too, so this counts too many rather than too few. */
function valuesAtMost(raw: Uint8Array): number {
  if (raw.length < budgets.jsonValues) return 1;
  let count = 1;
  for (let at = 0; at < raw.length; at++) count += opensOrParts[raw[at] ?? 0] ?? 0;
  return count;
}
