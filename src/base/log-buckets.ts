// Buckets for whole numbers of any size, four for each power of two (as HdrHistogram does with more): counting costs one increment,
// and a number read back from its bucket's middle is off by an eighth at most. Below 8 each number has a bucket of its own.

/** For numbers up to 2 ** 31 - 1. */
export const logBuckets = 120;

export function bucketOf(number: number): number {
  if (number < 4) return Math.max(0, number);
  const power = 31 - Math.clz32(number);
  return (power - 1) * 4 + ((number >>> (power - 2)) & 3);
}

export function middleOf(bucket: number): number {
  if (bucket < 4) return bucket;
  const width = 2 ** (Math.floor(bucket / 4) - 1);
  return (4 + (bucket & 3)) * width + (width - 1) / 2;
}

/** The number below which so large a share (0 to 1) of all that was counted lies; 0 when nothing was. */
export function quantileOf(counts: readonly number[], share: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let left = Math.max(1, Math.ceil(share * total));
  const found = counts.findIndex((count) => (left -= count) <= 0);
  return total === 0 || found === -1 ? 0 : middleOf(found);
}
