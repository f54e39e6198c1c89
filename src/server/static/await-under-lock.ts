// A lock that is held across an await: whoever wants it waits for the awaited work too, and with a lock that blocks its
// thread so does every event that the thread could have handled meanwhile.

import { lockTitle, walkOwn, type LockUse } from "../source/lock-use.ts";
import type { HandlerSource } from "../source/handler-source.ts";
import { capitalised, type StaticFinding } from "./static-finding.ts";

const awaitLength = "await".length;

export function awaitUnderLock({ uses }: HandlerSource): StaticFinding[] {
  return uses.filter(({ lock }) => lock.kind !== "semaphore").flatMap(findingOf);
}

/** At the first await of each hold: the others are the same mistake. */
function findingOf(use: LockUse): StaticFinding[] {
  const found = use.held
    .flatMap((statement) => [...walkOwn(statement)])
    .find(
      (node) =>
        node.type === "AwaitExpression" ||
        (node.type === "ForOfStatement" && node["await"] === true),
    );
  if (found === undefined) return [];
  const name = capitalised(lockTitle(use.lock));
  const message = use.blocks
    ? `${name} is held across this await: threads that want it are blocked until the awaited work is done. Await before the lock is taken, or after it is released.`
    : `${name} is held across this await: everyone who wants it waits for the awaited work too. Await before the lock is taken, or after it is released, where the work needs no lock.`;
  return [
    {
      rule: "await-under-lock",
      severity: use.blocks ? "warning" : "information",
      message,
      start: found.start,
      end: found.start + (found.type === "AwaitExpression" ? awaitLength : "for await".length),
    },
  ];
}
