// Where a file takes locks of `ctx`, and which statements run while each is held, in the forms that Scoped Locking has: a
// guard with try/finally, a `using` guard, a guard released in the same block, and `run(() => { ... })`.

import { childrenOf, isFunction, isNode, nameOf, walk, type SyntaxNode } from "../syntax.ts";
import type { Scopes } from "./scopes.ts";

/** "unknown": something with the same methods, of which only a run can say that it is a lock. */
export type LockKind = "mutex" | "rwLock" | "semaphore" | "striped" | "unknown";

export interface Lock {
  readonly kind: LockKind;
  /** `ctx.mutex("a")`, also where a constant stands for it; undefined when only its type is known. */
  readonly made: SyntaxNode | undefined;
  /** What the lock is named by in `ctx.mutex(name)`. */
  readonly name: SyntaxNode | undefined;
}

export interface LockUse {
  readonly lock: Lock;
  /** The expression that the method is called on. */
  readonly receiver: SyntaxNode;
  readonly call: SyntaxNode;
  /** The method's name in the call: where sites of a recorded run stand. */
  readonly method: SyntaxNode;
  readonly blocks: boolean;
  readonly form: "finally" | "using" | "straight" | "run" | "other";
  /** Name of the guard, where there is one. */
  readonly guard: string | undefined;
  /** The statement that takes the lock. */
  readonly statement: SyntaxNode;
  /** The block that `statement` stands in; the function, where it has no block. */
  readonly block: SyntaxNode;
  /** Run while the lock is held, in order. Empty for "other". */
  readonly held: readonly SyntaxNode[];
  /** The last statement of the form: the try, the release, or `statement` itself. */
  readonly last: SyntaxNode;
  /** The function around it all; undefined at module level. */
  readonly around: SyntaxNode | undefined;
}

const takers = new Set(["acquire", "acquireAsync", "run"]);

/** In the order of the text. */
export function lockUses(tree: SyntaxNode, scopes: Scopes): LockUse[] {
  return [...walk(tree)].flatMap((call) => {
    const use = call.type === "CallExpression" ? useOf(call, scopes) : undefined;
    return use === undefined ? [] : [use];
  });
}

/** What to call the lock in a sentence. */
export function lockTitle({ name }: Lock): string {
  const text = name?.type === "StringLiteral" ? nameOf(name) : undefined;
  return text === undefined ? "the lock" : `lock "${text}"`;
}

const unknownLock: Lock = { kind: "unknown", made: undefined, name: undefined };

function useOf(call: SyntaxNode, scopes: Scopes): LockUse | undefined {
  const callee = call["callee"];
  if (!isNode(callee) || callee.type !== "MemberExpression") return undefined;
  const method = callee["property"];
  const receiver = callee["object"];
  if (!isNode(method) || !isNode(receiver) || !takers.has(nameOf(method) ?? "")) return undefined;
  const lock = lockOf(receiver, scopes) ?? unknownLock;
  const place = placeOf(call, scopes);
  if (place === undefined) return undefined;
  const { statement, block } = place;
  const around = functionAround(call, scopes);
  const blocks = nameOf(method) !== "acquireAsync";
  const taken = { lock, receiver, call, method, blocks, statement, block, around };
  return { ...taken, ...regionOf(call, nameOf(method) === "run", place) };
}

/** The lock that an expression gives; undefined when it is none of `ctx`'s. */
export function lockOf(expression: SyntaxNode, scopes: Scopes, depth = 0): Lock | undefined {
  if (depth > 4) return undefined;
  if (expression.type === "Identifier") {
    const binding = scopes.bindingOf(expression);
    if (binding === undefined || binding.writes.length > 0) return undefined;
    const init = binding.owner.type === "VariableDeclarator" ? binding.owner["init"] : undefined;
    if (binding.kind !== "parameter") {
      return isNode(init) ? lockOf(init, scopes, depth + 1) : undefined;
    }
    const type = typeName(binding.identifier);
    const kind = type === "Mutex" ? "mutex" : type === "RwLock" ? "rwLock" : undefined;
    return kind === undefined ? undefined : { kind, made: undefined, name: undefined };
  }
  if (expression.type === "MemberExpression") {
    const side = nameOf(expression["property"]);
    const object = expression["object"];
    if ((side !== "read" && side !== "write") || !isNode(object)) return undefined;
    const lock = lockOf(object, scopes, depth + 1);
    return lock?.kind === "rwLock" ? lock : undefined;
  }
  if (expression.type !== "CallExpression") return undefined;
  const callee = expression["callee"];
  if (!isNode(callee) || callee.type !== "MemberExpression") return undefined;
  const maker = nameOf(callee["property"]);
  const object = callee["object"];
  if (maker === "of" && isNode(object)) {
    const lock = lockOf(object, scopes, depth + 1);
    return lock?.kind === "striped" ? { ...lock, made: expression } : undefined;
  }
  const isMaker =
    maker === "mutex" || maker === "rwLock" || maker === "semaphore" || maker === "striped";
  const [name] = expression["arguments"] as readonly SyntaxNode[];
  return isMaker && name !== undefined ? { kind: maker, made: expression, name } : undefined;
}

function typeName(identifier: SyntaxNode): string | undefined {
  const annotation = identifier["typeAnnotation"];
  const type = isNode(annotation) ? annotation["typeAnnotation"] : undefined;
  return isNode(type) ? nameOf(type["typeName"]) : undefined;
}

interface Place {
  readonly statement: SyntaxNode;
  readonly block: SyntaxNode;
}

/** The statement around an expression; in `() => expression` that expression, in its function. */
function placeOf(node: SyntaxNode, scopes: Scopes): Place | undefined {
  let statement = node;
  for (let block = scopes.parentOf(node); block !== undefined; block = scopes.parentOf(block)) {
    if (Array.isArray(block["body"]) && !block.type.startsWith("Class")) {
      return { statement, block };
    }
    if (isFunction(block)) return block["body"] === statement ? { statement, block } : undefined;
    statement = block;
  }
  return undefined;
}

export function functionAround(node: SyntaxNode, scopes: Scopes): SyntaxNode | undefined {
  let around = scopes.parentOf(node);
  while (around !== undefined && !isFunction(around)) around = scopes.parentOf(around);
  return around;
}

type Region = Pick<LockUse, "form" | "guard" | "held" | "last">;

function regionOf(call: SyntaxNode, runs: boolean, { statement, block }: Place): Region {
  const other: Region = { form: "other", guard: undefined, held: [], last: statement };
  if (runs) {
    const held = runBody(call);
    return held === undefined ? other : { form: "run", guard: undefined, held, last: statement };
  }
  const guard = guardName(statement, call);
  if (guard === undefined) return other;
  const siblings = block["body"] as readonly SyntaxNode[];
  const after = siblings.slice(siblings.indexOf(statement) + 1);
  if (statement["kind"] === "using" || statement["kind"] === "await using") {
    return { form: "using", guard, held: after, last: after.at(-1) ?? statement };
  }
  const [next] = after;
  if (next?.type === "TryStatement" && isNode(next["finalizer"]) && isNode(next["block"])) {
    const releases = bodyOf(next["finalizer"]).some((each) => isRelease(each, guard));
    if (releases) return { form: "finally", guard, held: bodyOf(next["block"]), last: next };
  }
  const release = after.findIndex((each) => isRelease(each, guard));
  const last = after[release];
  if (last === undefined) return { ...other, guard };
  return { form: "straight", guard, held: after.slice(0, release), last };
}

/** The statements of the callback in `lock.run(() => { ... })`; of `() => value`, the value. */
function runBody(call: SyntaxNode): readonly SyntaxNode[] | undefined {
  const [callback] = call["arguments"] as readonly SyntaxNode[];
  const body = callback?.["body"];
  if (callback === undefined || !isFunction(callback) || !isNode(body)) return undefined;
  return body.type === "BlockStatement" ? bodyOf(body) : [body];
}

export function bodyOf(block: SyntaxNode): readonly SyntaxNode[] {
  return block["body"] as readonly SyntaxNode[];
}

/** `const guard = lock.acquire()`, `using guard = await lock.acquireAsync()`: the name of the guard. */
function guardName(statement: SyntaxNode, call: SyntaxNode): string | undefined {
  if (statement.type !== "VariableDeclaration") return undefined;
  const [declarator, ...others] = statement["declarations"] as readonly SyntaxNode[];
  const init = declarator?.["init"];
  if (others.length > 0 || !isNode(init)) return undefined;
  const value = init.type === "AwaitExpression" ? init["argument"] : init;
  return value === call ? nameOf(declarator?.["id"]) : undefined;
}

/** Whether the statement is `guard.release();`. */
export function isRelease(statement: SyntaxNode, guard: string): boolean {
  const call = statement["expression"];
  if (statement.type !== "ExpressionStatement" || !isNode(call)) return false;
  return isReleaseCall(call, guard);
}

export function isReleaseCall(call: SyntaxNode, guard: string): boolean {
  const callee = call["callee"];
  if (call.type !== "CallExpression" || !isNode(callee)) return false;
  return nameOf(callee["object"]) === guard && nameOf(callee["property"]) === "release";
}

/** The node and all below it that runs with it: not what functions in it do later. */
export function* walkOwn(node: SyntaxNode): Generator<SyntaxNode> {
  if (isFunction(node)) return;
  yield node;
  for (const child of childrenOf(node)) yield* walkOwn(child);
}
