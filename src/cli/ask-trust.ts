// Asks whether what a trace holds may run, where this installation did not record it: by --trust-trace, by a question on a terminal, or
// not at all.

import type { DecodedTrace } from "../session/decode-file.ts";
import { TrustedTrace, type Consent } from "../session/trust/trusted-trace.ts";
import type { TrustQuestion } from "../protocol/trust-question.ts";
import type { Terminal } from "./terminal.ts";

/** Undefined when it may not; the person knows why by then. */
export async function askTrust(
  file: DecodedTrace,
  trustTrace: boolean,
  terminal: Terminal,
): Promise<TrustedTrace | undefined> {
  const given: Consent = { kind: trustTrace ? "named" : "none" };
  const decision = TrustedTrace.decide(file, given, "sources");
  if (decision.kind === "may-run") return decision.trusted;
  const { question } = decision;
  terminal.error(`${file.path}: ${question.message}`);
  if (!(await agrees(question, terminal))) return undefined;
  const { content } = question;
  const agreed = TrustedTrace.decide(file, { kind: "content", content }, "sources");
  return agreed.kind === "may-run" ? agreed.trusted : undefined;
}

async function agrees({ sources }: TrustQuestion, terminal: Terminal): Promise<boolean> {
  if (terminal.ask === undefined) {
    terminal.error("Nothing was run. Give --trust-trace if you trust whoever made this trace.");
    return false;
  }
  for (;;) {
    const answer = await terminal.ask("Run them? y(es), s(how them first), N(o): ");
    const [letter = "n"] = answer.trim().toLowerCase();
    if (letter === "y") return true;
    if (letter !== "s") break;
    for (const { path, text } of sources) terminal.error(`--- ${path}\n${text}`);
  }
  terminal.error("Nothing was run.");
  return false;
}
