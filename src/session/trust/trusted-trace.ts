// The one door to running what a trace holds. Whoever runs a trace's sources, gives its payloads to handlers, or starts the module
// that it names takes a TrustedTrace, and only the decision below makes one: this installation recorded the trace itself, or
// the person was shown what would run and agreed to just that.

import type { DecodedTrace } from "../decode-file.ts";
import type { Trace } from "../../trace/trace.ts";
import type { TrustQuestion } from "../../protocol/trust-question.ts";
import { strangerSentence } from "./provenance.ts";

export type Consent =
  | { readonly kind: "none" }
  /** To the trace that they were asked about, by its content. */
  | { readonly kind: "content"; readonly content: string }
  /** To the trace that they name, whatever it holds. */
  | { readonly kind: "named" };

export type RunDecision =
  | { readonly kind: "may-run"; readonly trusted: TrustedTrace }
  | { readonly kind: "ask"; readonly question: TrustQuestion };

export class TrustedTrace {
  readonly path: string;
  /** Else the person agreed to its sources; its header is a stranger's all the same. */
  readonly recordedHere: boolean;
  // Private, so that no look-alike passes for one.
  readonly #trace: Trace;

  private constructor(trace: Trace, path: string, recordedHere: boolean) {
    this.#trace = trace;
    this.path = path;
    this.recordedHere = recordedHere;
  }

  get trace(): Trace {
    return this.#trace;
  }

  /** `runs`: the sources in the trace, or only the module that it names, as it is on this machine. */
  static decide(file: DecodedTrace, consent: Consent, runs: "sources" | "module"): RunDecision {
    const { trace, path, provenance } = file;
    // Who agreed to one of the two was not shown the other.
    const content = `${runs} ${file.content}`;
    const isAgreed =
      consent.kind === "named" || (consent.kind === "content" && consent.content === content);
    if (provenance.kind === "here" || isAgreed) {
      const trusted = new TrustedTrace(trace, path, provenance.kind === "here");
      return { kind: "may-run", trusted };
    }
    const { header, tables } = trace;
    const sources = tables.sources
      .filter((row) => runs === "sources" || row.path === header.module)
      .map((row) => ({ path: row.path, text: row.text.replaceAll("\r\n", "\n") }));
    const names = new Set(runs === "module" ? [header.module] : sources.map(({ path }) => path));
    const message = `${strangerSentence(provenance)} ${whatRuns(runs, [...names])}`;
    return { kind: "ask", question: { message, content, sources } };
  }
}

const shown = 10;

function whatRuns(runs: "sources" | "module", names: readonly string[]): string {
  const more = names.length > shown ? ` and ${names.length - shown} more` : "";
  const list = `${names.slice(0, shown).join(", ")}${more}`;
  if (runs === "sources") return `Comparing runs its sources: ${list}.`;
  return `Comparing models runs the module that it names, as it is here: ${list}.`;
}
