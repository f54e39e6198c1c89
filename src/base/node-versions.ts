// The versions of Node that Poolscope runs on, and what is said of others. Command line and runtime process ask it of their
// own Node. package.json's engines, README and .ci/run name the same; test/architecture/node-versions.test.ts holds them together.

/** The tests run on each, oldest first. */
export const testedNodes = ["20.19", "22", "24", "26"] as const;

/** Undefined for a version that is not older than all of them. */
export function tooOldNode(version: string): string | undefined {
  const [oldest] = testedNodes;
  if (compare(version, oldest) >= 0) return undefined;
  return `Poolscope needs Node ${oldest} or newer; this is ${version}.`;
}

/** Undefined for a version that is not newer than all of them. */
export function untestedNode(version: string): string | undefined {
  const newest = testedNodes.at(-1) ?? "";
  if (Number.parseInt(version, 10) <= Number(newest)) return undefined;
  const tested = `${testedNodes.slice(0, -1).join(", ")} and ${newest}`;
  return `Node ${version} is newer than those that Poolscope is tested with (${tested}). What can't be watched on it is told in the report.`;
}

/** By major and minor. */
function compare(first: string, second: string): number {
  const [major = 0, minor = 0] = first.split(".").map(Number);
  const [otherMajor = 0, otherMinor = 0] = second.split(".").map(Number);
  return major === otherMajor ? minor - otherMinor : major - otherMajor;
}
