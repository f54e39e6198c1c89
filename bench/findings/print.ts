// The figures of a run over the corpus, as a person reads them.

import { lowerBound, median, rankCorrelation } from "./statistics.ts";
import type { Verdict } from "./judge.ts";

const goals = { share: 0.95, bound: 0.9, correlation: 0.8 };

export function printVerdicts(verdicts: readonly Verdict[], details: boolean): void {
  const counted = verdicts.filter(({ isVoid }) => !isVoid);
  if (details) for (const verdict of verdicts) printOne(verdict);
  const faulty = counted.filter(({ program }) => program.planted !== undefined);
  const healthy = counted.filter(({ program }) => program.planted === undefined);
  const voided = verdicts.length - counted.length;
  console.log(`\n${faulty.length} faulty and ${healthy.length} healthy programs, ${voided} void`);
  const others = median(verdicts.map(({ othersShare }) => othersShare));
  console.log(
    `other processes had ${Math.round(others * 100)} % of all processors' time (median over runs)\n`,
  );
  printKinds(faulty);
  printRules(counted);
  const hits = faulty.filter(({ hit }) => hit !== undefined);
  const falseOnes = counted.reduce((sum, { falseFindings }) => sum + falseFindings.length, 0);
  goal("precision in all", hits.length, hits.length + falseOnes);
  goal("recall in all", hits.length, faulty.length);
  goal("right line first", faulty.filter(({ isFirst }) => isFirst).length, faulty.length);
  const clean = healthy.filter(({ falseFindings }) => falseFindings.length === 0);
  console.log(line("healthy without a word", clean.length, healthy.length));
  const mechanism = hits.filter(({ hasMechanism }) => hasMechanism);
  console.log(line("right mechanism of those found", mechanism.length, hits.length));
  const pairs = hits.flatMap(({ hit, gain }) =>
    hit === undefined || gain === undefined ? [] : [[hit.score, gain] as const],
  );
  const correlation = rankCorrelation(pairs);
  const verdict = correlation >= goals.correlation ? "met" : "missed";
  console.log(
    `${"score against gain, rank".padEnd(32)} ${correlation.toFixed(2)} over ${pairs.length} (goal ${goals.correlation}: ${verdict})`,
  );
}

function printKinds(faulty: readonly Verdict[]): void {
  console.log("kind of fault                    found        line first   median gain");
  for (const kind of new Set(faulty.map(({ program }) => program.kind))) {
    const own = faulty.filter(({ program }) => program.kind === kind);
    const found = own.filter(({ hit }) => hit !== undefined).length;
    const first = own.filter(({ isFirst }) => isFirst).length;
    const gains = own.flatMap(({ gain }) => gain ?? []).toSorted((a, b) => a - b);
    const gain = gains[gains.length >> 1];
    const gained = gain === undefined ? "" : `${Math.round(gain * 100)} %`;
    console.log(
      `${kind.padEnd(32)} ${`${found} of ${own.length}`.padEnd(12)} ${`${first} of ${own.length}`.padEnd(12)} ${gained}`,
    );
  }
  console.log("");
}

function printRules(counted: readonly Verdict[]): void {
  console.log("rule                             precision (bound)      recall (bound)");
  const rules = new Set(
    counted.flatMap(({ program, hit, falseFindings }) => [
      ...(program.planted?.rules.slice(0, 1) ?? []),
      ...(hit === undefined ? [] : [hit.rule]),
      ...falseFindings.map(({ rule }) => rule),
    ]),
  );
  for (const rule of [...rules].toSorted()) {
    const right = counted.filter(({ hit }) => hit?.rule === rule).length;
    const wrong = counted
      .flatMap(({ falseFindings }) => falseFindings)
      .filter((finding) => finding.rule === rule).length;
    const planted = counted.filter(({ program }) => program.planted?.rules[0] === rule);
    const found = planted.filter(({ hit }) => hit !== undefined).length;
    console.log(
      `${rule.padEnd(32)} ${share(right, right + wrong).padEnd(22)} ${share(found, planted.length)}`,
    );
  }
  console.log("");
}

function share(hits: number, of: number): string {
  if (of === 0) return "-";
  const bound = lowerBound(hits, of).toFixed(2);
  return `${hits}/${of} ${(hits / of).toFixed(2)} (>= ${bound})`;
}

function line(label: string, hits: number, of: number): string {
  return `${label.padEnd(32)} ${share(hits, of)}`;
}

function goal(label: string, hits: number, of: number): void {
  const met = hits / of >= goals.share && lowerBound(hits, of) >= goals.bound;
  console.log(
    `${line(label, hits, of)}, goal ${goals.share} (${goals.bound}): ${met ? "met" : "missed"}`,
  );
}

function printOne({ program, isVoid, hit, isFirst, falseFindings, gain }: Verdict): void {
  const planted = program.planted === undefined ? "healthy" : `m=${program.magnitude.toFixed(2)}`;
  const gained = gain === undefined ? "" : ` gain=${Math.round(gain * 100)}%`;
  const state = isVoid
    ? "VOID"
    : hit !== undefined
      ? isFirst
        ? "found"
        : "found, not first or line"
      : "";
  const missed = program.planted !== undefined && hit === undefined && !isVoid ? "MISSED" : state;
  console.log(`${program.name} ${planted}${gained} ${missed}`);
  if (hit !== undefined) console.log(`    right ${told(hit)}`);
  for (const finding of falseFindings) console.log(`    FALSE ${told(finding)}`);
}

function told({ rule, mechanism, score, site, sentence }: NonNullable<Verdict["hit"]>): string {
  const at = site === undefined ? "" : ` :${site.line}`;
  return `${rule} ${mechanism} ${score.toFixed(0)}${at} ${sentence}`;
}
