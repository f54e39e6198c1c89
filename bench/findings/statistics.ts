// Shares with honest bounds, and rank correlation.

/** The one-sided 95 % lower bound of a share (Clopper and Pearson 1934): true shares below it give this result in 5 % at most. */
export function lowerBound(hits: number, of: number): number {
  if (hits === 0) return 0;
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const share = (low + high) / 2;
    if (atLeast(hits, of, share) < 0.05) low = share;
    else high = share;
  }
  return low;
}

/** Probability of `hits` or more among `of` at a share. */
function atLeast(hits: number, of: number, share: number): number {
  let sum = 0;
  let logChoose = 0;
  for (let count = 0; count <= of; count++) {
    if (count > 0) logChoose += Math.log(of - count + 1) - Math.log(count);
    if (count < hits) continue;
    sum += Math.exp(logChoose + count * Math.log(share) + (of - count) * Math.log1p(-share));
  }
  return sum;
}

/** Spearman's; ties share the mean of their ranks. NaN for fewer than three pairs. */
export function rankCorrelation(pairs: readonly (readonly [number, number])[]): number {
  if (pairs.length < 3) return Number.NaN;
  const first = ranks(pairs.map(([value]) => value));
  const second = ranks(pairs.map(([, value]) => value));
  const mean = (pairs.length + 1) / 2;
  let [product, ofFirst, ofSecond] = [0, 0, 0];
  for (let index = 0; index < pairs.length; index++) {
    const a = (first[index] ?? 0) - mean;
    const b = (second[index] ?? 0) - mean;
    product += a * b;
    ofFirst += a * a;
    ofSecond += b * b;
  }
  return product / Math.sqrt(ofFirst * ofSecond);
}

function ranks(values: readonly number[]): number[] {
  const sorted = values.toSorted((first, second) => first - second);
  return values.map((value) => {
    const from = sorted.indexOf(value);
    return (from + sorted.lastIndexOf(value)) / 2 + 1;
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((first, second) => first - second);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
