// A promotion protocol of a person's own: a module whose default export says which of two idle threads is promoted. Loaded in
// each thread that promotes. One that throws, or answers anything but true or false, is named once, and the pick is lifo's.

import { lifo } from "./lifo.ts";
import type { PromotionProtocol } from "./which-follower.ts";

type Prefers = PromotionProtocol["prefers"];

/** Rejects with one sentence when the module is not what it should be. */
export async function ownProtocol(
  href: string,
  problem: (sentence: string) => void,
): Promise<PromotionProtocol> {
  const prefers = await load(href);
  let told = false;
  const tell = (what: string): false => {
    if (!told) problem(`promotion: ${href} ${what}; lifo picks in its place.`);
    told = true;
    return false;
  };
  const ask: Prefers = (first, second) => {
    try {
      const answer: unknown = prefers(first, second);
      if (typeof answer === "boolean") return answer;
      return tell(`answered ${String(answer)}, not true or false`) || lifo.prefers(first, second);
    } catch (error) {
      return tell(`threw ${String(error)}`) || lifo.prefers(first, second);
    }
  };
  return { name: "own", measures: true, declines: false, prefers: ask };
}

async function load(href: string): Promise<Prefers> {
  let exports: { readonly default?: unknown };
  try {
    exports = (await import(href)) as { readonly default?: unknown };
  } catch (error) {
    throw new TypeError(`promotion: ${href} could not be loaded: ${String(error)}`, {
      cause: error,
    });
  }
  const own = exports.default;
  if (typeof own === "function") return own as Prefers;
  throw new TypeError(`promotion: ${href} exports no default function (first, second) => boolean.`);
}
