// The word and the tone of a verdict, the same wherever two things were compared.

import type { ComparisonVerdict } from "../../protocol/comparison.ts";

export const verdictTones: Readonly<Record<ComparisonVerdict, "better" | "worse" | "plain">> = {
  faster: "better",
  slower: "worse",
  "results-differ": "worse",
  "no-difference": "plain",
  "could-not-tell": "plain",
  "as-recorded": "plain",
};

export const verdictWords: Readonly<Record<ComparisonVerdict, string>> = {
  faster: "Faster",
  slower: "Slower",
  "results-differ": "Results differ",
  "no-difference": "No difference",
  "could-not-tell": "Could not tell",
  "as-recorded": "As recorded",
};
