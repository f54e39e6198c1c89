// Who recorded a trace. Everyone that reads, runs or writes for a trace what its header names asks this first.

import type { FoundSeal } from "../../trace/seal.ts";
import { readKey } from "./installation-key.ts";
import { isSealedBy } from "./trace-seal.ts";

export type Provenance =
  /** By this installation: its seal holds. */
  { readonly kind: "here" } | { readonly kind: "stranger"; readonly why: string };

export function provenanceOf(bytes: Uint8Array, seal: FoundSeal): Provenance {
  if (seal.at === undefined) return stranger("it does not end with a seal");
  const key = readKey();
  if (key.kind === "unusable") return stranger(`this installation's key can't be used: ${key.why}`);
  const holds = key.kind === "key" && isSealedBy(key.bytes, bytes, seal);
  return holds ? { kind: "here" } : stranger("its seal is not this installation's");
}

/** One sentence. */
export function strangerSentence({ why }: { readonly why: string }): string {
  return `This trace was not recorded by this installation: ${why.replace(/\.$/, "")}.`;
}

function stranger(why: string): Provenance {
  return { kind: "stranger", why };
}
