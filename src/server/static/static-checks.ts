// All checks of a handler file's text, without a run. Files that are none are not looked at, nor is text that does not parse.

import { isSuppressed } from "../../analysis/suppression.ts";
import { looksLikeHandlers } from "../../protocol/handler-file.ts";
import { handlerSource, type HandlerSource } from "../source/handler-source.ts";
import { lineAt } from "../syntax.ts";
import { awaitUnderLock } from "./await-under-lock.ts";
import { releaseNotOnEveryPath } from "./release-not-on-every-path.ts";
import type { StaticFinding } from "./static-finding.ts";
import { syncCallInAsyncHandler } from "./sync-call-in-async-handler.ts";
import { waitWithoutTimeout } from "./wait-without-timeout.ts";

const checks: readonly ((source: HandlerSource) => StaticFinding[])[] = [
  awaitUnderLock,
  releaseNotOnEveryPath,
  waitWithoutTimeout,
  syncCallInAsyncHandler,
];

/** In the order of the text; undefined while the text can't be parsed, so that what stood before goes on standing. */
export function staticFindings(text: string, file: string): StaticFinding[] | undefined {
  if (!looksLikeHandlers(text)) return [];
  const parsed = handlerSource(text, file);
  if (parsed === undefined) return undefined;
  // Without a run only the locks of ctx are known to be locks.
  const uses = parsed.uses.filter(({ lock }) => lock.kind !== "unknown");
  const source = { ...parsed, uses };
  return checks
    .flatMap((check) => check(source))
    .filter(({ rule, start }) => !isSuppressed(text, lineAt(text, start), rule))
    .sort((first, second) => first.start - second.start);
}
