// A guard that some path out of its block leaves held: by an early return, by something that throws in between, or because
// nobody releases it. A guard that is handed on (returned, passed, stored) is its receiver's business.

import { childrenOf, isFunction, isNode, lineAt, nameOf, type SyntaxNode } from "../syntax.ts";
import { isRelease, isReleaseCall, lockTitle, walkOwn, type LockUse } from "../source/lock-use.ts";
import type { Scopes } from "../source/scopes.ts";
import type { HandlerSource } from "../source/handler-source.ts";
import { capitalised, type StaticFinding } from "./static-finding.ts";

export function releaseNotOnEveryPath({ uses, scopes, text }: HandlerSource): StaticFinding[] {
  return uses.flatMap((use): StaticFinding[] => {
    const why = leakOf(use, scopes, text);
    if (why === undefined) return [];
    const message = `${capitalised(lockTitle(use.lock))} stays held ${why}. Release it in a finally block, or take it with run().`;
    const { start, end } = use.method;
    return [{ rule: "release-not-on-every-path", severity: "warning", message, start, end }];
  });
}

function leakOf(use: LockUse, scopes: Scopes, text: string): string | undefined {
  if (use.form === "run" || use.form === "using" || use.form === "finally") return undefined;
  if (nameOf(use.method) === "run") return undefined;
  if (use.guard === undefined) {
    return isDropped(use, scopes)
      ? "for ever: its guard is dropped, and nobody can release it"
      : undefined;
  }
  const binding = scopes.resolve(use.guard, use.last.end);
  const isOurs = binding !== undefined && binding.owner["init"] !== undefined;
  if (!isOurs || binding.kind === "var" || binding.writes.length > 0) return undefined;
  const escapes = binding.uses.some((identifier) => !isReleased(identifier, scopes));
  if (escapes) return undefined;
  const siblings = use.block["body"] as readonly SyntaxNode[];
  const after = siblings.slice(siblings.indexOf(use.statement) + 1);
  const leaks: SyntaxNode[] = [];
  const path: Path = { guard: use.guard, caught: false, leak: (node) => void leaks.push(node) };
  const isHeld = follow(after, path) === "held";
  const [first] = leaks;
  if (first !== undefined) return reasonOf(first, text);
  return isHeld ? "at the end of its block: nothing releases it on that path" : undefined;
}

/** `lock.acquire();` as a statement of its own. */
function isDropped({ call, statement }: LockUse, scopes: Scopes): boolean {
  const parent = scopes.parentOf(call);
  if (statement.type !== "ExpressionStatement" || parent === undefined) return false;
  const awaited = parent.type === "AwaitExpression" ? scopes.parentOf(parent) : parent;
  return awaited === statement;
}

/** Only ever `guard.release()` or `guard.abandoned`, in the function that took the lock: else it may be released elsewhere. */
function isReleased(identifier: SyntaxNode, scopes: Scopes): boolean {
  const member = scopes.parentOf(identifier);
  if (member?.["object"] !== identifier) return false;
  const property = nameOf(member["property"]);
  return property === "abandoned" || property === "release";
}

function reasonOf(node: SyntaxNode, text: string): string {
  const line = lineAt(text, node.start);
  switch (node.type) {
    case "ReturnStatement":
      return `after the return in line ${line}`;
    case "ThrowStatement":
      return `after the throw in line ${line}`;
    case "BreakStatement":
    case "ContinueStatement":
      return `after the ${node.type === "BreakStatement" ? "break" : "continue"} in line ${line}`;
    default:
      return `when line ${line} throws`;
  }
}

type State = "held" | "released" | "left";

interface Path {
  readonly guard: string;
  /** What throws here is caught in this block, and comes to its end. */
  readonly caught: boolean;
  /** Told of each statement by which control may leave while the guard is held. */
  readonly leak: (node: SyntaxNode) => void;
}

/** What holds behind the statements, when the guard is held before them. */
function follow(statements: readonly SyntaxNode[], path: Path): State {
  for (const statement of statements) {
    const state = step(statement, path);
    if (state !== "held") return state;
  }
  return "held";
}

function step(statement: SyntaxNode, path: Path): State {
  if (isRelease(statement, path.guard)) return "released";
  switch (statement.type) {
    case "ReturnStatement":
    case "ThrowStatement":
      if (releasesIn(statement, path)) return "left";
      if (statement.type === "ReturnStatement" || !path.caught) path.leak(statement);
      return "left";
    case "BreakStatement":
    case "ContinueStatement":
      path.leak(statement);
      return "left";
    case "BlockStatement":
      return follow(statement["body"] as readonly SyntaxNode[], path);
    case "IfStatement":
      return branch(statement, path);
    case "TryStatement":
      return attempt(statement, path);
    default:
      return isFunction(statement) ? "held" : plain(statement, path);
  }
}

function branch(statement: SyntaxNode, path: Path): State {
  const { test, consequent, alternate } = statement;
  if (isNode(test) && mayThrow(test) && !path.caught) path.leak(test);
  return either(
    isNode(consequent) ? step(consequent, path) : "held",
    isNode(alternate) ? step(alternate, path) : "held",
  );
}

/** Held wins: that path has still to release. */
function either(first: State, second: State): State {
  if (first === "held" || second === "held") return "held";
  return first === "left" ? second : first;
}

function attempt({ block, handler, finalizer }: SyntaxNode, path: Path): State {
  if (isNode(finalizer) && releasesIn(finalizer, path)) return "released";
  const body = isNode(block) ? (block["body"] as readonly SyntaxNode[]) : [];
  const caught = isNode(handler) || path.caught;
  const tried = follow(body, { ...path, caught });
  const caughtBody = isNode(handler) ? handler["body"] : undefined;
  if (!isNode(caughtBody)) return tried;
  const rescued = follow(caughtBody["body"] as readonly SyntaxNode[], path);
  return either(tried, rescued);
}

/** Loops, switches, expressions: what leaves from inside them is not followed, what throws is. */
function plain(statement: SyntaxNode, path: Path): State {
  if (releasesIn(statement, path)) return "released";
  for (const node of ownStatements(statement)) {
    if (node.type === "ReturnStatement") path.leak(node);
  }
  if (mayThrow(statement) && !path.caught) path.leak(statement);
  return "held";
}

function ownStatements(statement: SyntaxNode): SyntaxNode[] {
  return childrenOf(statement).flatMap((child) => [...walkOwn(child)]);
}

function releasesIn(node: SyntaxNode, { guard }: Path): boolean {
  return [...walkOwn(node)].some((each) => isReleaseCall(each, guard));
}

/** Calls, awaits and the like may; reading and writing what is there is taken to work. */
function mayThrow(node: SyntaxNode): boolean {
  return [...walkOwn(node)].some(({ type }) =>
    /^(?:Call|New|Await|Yield|OptionalCall|TaggedTemplate)Expression$|^Throw|^ForOf/.test(type),
  );
}
