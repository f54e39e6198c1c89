// Where a rule's page is for whoever has no copy of the project, and how loudly its findings are told: the same in the
// editor and in a review.

const pages = "https://github.com/poolscope/poolscope/blob/main/docs/findings/";

export function documentationOf(rule: string): string {
  return `${pages}${rule}.md`;
}

export function severityOf(score: number): "warning" | "information" {
  return score >= 5 ? "warning" : "information";
}
