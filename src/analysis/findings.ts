// From causes to findings: every rule is asked, what another cause explains becomes its evidence, what doesn't matter is left
// out. One root cause is one finding; the worst comes first.

import { count } from "../base/figures.ts";
import type { Finding } from "./report.ts";
import type { Cause, Rule, RuleContext, Thresholds } from "./rules/rule.ts";
import { rules } from "./rules/rules.ts";

/** Below this share of the metric, in percent, nothing is reported. */
const leastScore = 2;

/** Of each rule; many more of one kind are one thing to think of, and what explains what is looked up among all. */
const mostOfRule = 100;

interface Found {
  readonly rule: Rule;
  readonly cause: Cause;
}

export function findingsOf(
  context: Omit<RuleContext, "thresholds">,
  thresholds: ReadonlyMap<string, Thresholds>,
): { readonly findings: Finding[]; readonly problems: readonly string[] } {
  // What recording itself cost drowns what is smaller.
  const least = Math.max(leastScore, context.recording.shareOfWall * 100);
  const problems: string[] = [];
  const found = rules.flatMap((rule) => {
    const own = { ...context, thresholds: thresholds.get(rule.id) ?? rule.thresholds };
    const causes = rule
      .find(own)
      .filter(({ saving }) => saving.isHazard === true || saving.score >= least);
    if (causes.length > mostOfRule) {
      problems.push(
        `Of ${count(causes.length)} causes of ${rule.id} the first ${mostOfRule} are told.`,
      );
    }
    return causes.slice(0, mostOfRule).map((cause): Found => ({ rule, cause }));
  });
  const findings = roots(found)
    .map(({ root, symptoms }) => findingOf(root, symptoms))
    .sort((first, second) => second.score - first.score);
  return { findings, problems };
}

interface Root {
  readonly root: Found;
  readonly symptoms: readonly Found[];
}

/** The causes that no other explains, each with all that it explains, directly or by way of another. */
function roots(found: readonly Found[]): Root[] {
  const explainedBy = (each: Found): Found | undefined =>
    found.find((other) => other !== each && explains(other.cause, each.cause));
  const symptoms = new Map<Found, Found[]>();
  for (const each of found) {
    const way = [each];
    for (let next = explainedBy(each); next !== undefined; next = explainedBy(next)) {
      const before = way.indexOf(next);
      // Of those that explain each other the first of the table of rules is the root.
      if (before !== -1) {
        way.push(firstOf(found, way.slice(before)));
        break;
      }
      way.push(next);
    }
    const root = way.at(-1) ?? each;
    const known = symptoms.get(root) ?? [];
    symptoms.set(root, root === each ? known : [...known, each]);
  }
  return [...symptoms].map(([root, all]) => ({ root, symptoms: all }));
}

function firstOf(found: readonly Found[], circle: readonly Found[]): Found {
  const first = found.find((each) => circle.includes(each));
  if (first === undefined) throw new Error("Poolscope defect: an explanation that was not found");
  return first;
}

/** What is true of the whole pool has many causes: one that costs much less than it does not explain it. */
const wholePool: ReadonlySet<string> = new Set(["queue", "capacity", "gap", "hand-off"]);
const leastPart = 0.5;

function explains(cause: Cause, symptom: Cause): boolean {
  return cause.explains.some((name) => {
    if (!symptom.is.includes(name)) return false;
    return !wholePool.has(name) || cause.saving.score >= leastPart * symptom.saving.score;
  });
}

function findingOf({ rule, cause }: Found, symptoms: readonly Found[]): Finding {
  const { subject, site, saving } = cause;
  const evidence = symptoms.flatMap(({ cause: symptom }) => {
    const at = symptom.site ?? site;
    return at === undefined ? [] : [{ sentence: symptom.sentence, site: at }];
  });
  return {
    rule: rule.id,
    mechanism: cause.mechanism ?? "",
    identity: `${rule.id}|${subject}|${site?.file ?? ""}|${site?.function ?? ""}`,
    score: Math.min(100, saving.score),
    scoreInterval: { low: Math.max(0, saving.low), high: Math.min(100, saving.high) },
    metric: saving.metric,
    subject,
    sentence: cause.sentence,
    advice: cause.advice,
    page: `docs/findings/${rule.id}.md`,
    remedies: cause.remedies ?? [],
    site,
    related: [...(cause.related ?? []), ...evidence],
    threads: cause.threads ?? [],
    intervals: cause.intervals ?? [],
  };
}
