// What a panel says of a trace that this installation did not record, and of files that were left alone. Whole sentences.

import { strangerSentence, type Provenance } from "../session/trust/provenance.ts";

const shown = 3;

export function provenanceNotes(
  provenance: Provenance,
  isTrusted: boolean,
  unread: readonly string[],
): string[] {
  const stranger =
    provenance.kind === "here"
      ? []
      : [`${strangerSentence(provenance)} Before anything of it runs, you are asked.`];
  if (!isTrusted) {
    const alone = "The workspace is not trusted: no file that the trace names was read.";
    return [...stranger, alone];
  }
  if (unread.length === 0) return stranger;
  const more = unread.length > shown ? ` and ${unread.length - shown} more` : "";
  const names = `${unread.slice(0, shown).join(", ")}${more}`;
  return [...stranger, `Outside of the folders that are open, and therefore not read: ${names}.`];
}
