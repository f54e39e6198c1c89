// A call that blocks the thread becomes its twin that is awaited, where the function around it is async. May change behaviour:
// other turns of the thread run while this one waits.

import { functionAround, walkOwn } from "../source/lock-use.ts";
import type { HandlerSource } from "../source/handler-source.ts";
import { nodeFunctionOf, type NodeFunction } from "../source/node-function.ts";
import { isNode, nameOf, pathTo, type SyntaxNode } from "../syntax.ts";
import { importOf, type Imported } from "./import-edit.ts";
import { replaced, type Edit, type TextChange } from "./source-edit.ts";

/** What node:fs/promises has under the same name, taking and giving the same. */
const inPromises = new Set(
  (
    "access appendFile chmod chown copyFile cp lstat mkdir mkdtemp readFile readdir readlink realpath rename rm rmdir " +
    "stat symlink truncate unlink utimes writeFile"
  ).split(" "),
);
const sync = /Sync$/;

/** `offset`: anywhere in the call. */
export const asyncTwin: Edit = (source, offset) => {
  const { tree, scopes } = source;
  const calls = pathTo(tree, offset).filter(({ type }) => type === "CallExpression");
  const call = calls.findLast((each) => twinOf(each, source) !== undefined);
  const twin = call === undefined ? undefined : twinOf(call, source);
  if (call === undefined || twin === undefined) return undefined;
  if (functionAround(call, scopes)?.["async"] !== true) return undefined;
  // Under a lock the await would keep everyone else out of it: moving the call out is the edit for that.
  if (isHeld(source, call)) return undefined;
  const { name, awaited, changes } = twin;
  const parent = scopes.parentOf(call);
  const isOperand = parent?.["object"] === call || parent?.["callee"] === call || isPower(parent);
  const binds = isOperand && awaited.startsWith("await");
  return {
    title: `Await ${name}() instead of blocking the thread`,
    changes: [...changes, replaced(call, binds ? `(${awaited})` : awaited)],
    risk: "Other events of the thread may run while this one waits, and see what it has done so far.",
  };
};

interface Twin {
  readonly name: string;
  readonly awaited: string;
  readonly changes: readonly TextChange[];
}

function twinOf(call: SyntaxNode, source: HandlerSource): Twin | undefined {
  const called = nodeFunctionOf(call, source.scopes);
  if (called === undefined) return waitTwin(call, source);
  const name = called.name.replace(sync, "");
  if (!sync.test(called.name)) return undefined;
  if (called.module === "fs" && inPromises.has(name)) return fsTwin(call, called, name, source);
  const isExec = name === "exec" || name === "execFile";
  return called.module === "child_process" && isExec
    ? execTwin(call, called, name, source)
    : undefined;
}

function fsTwin(
  call: SyntaxNode,
  { object, binding }: NodeFunction,
  name: string,
  source: HandlerSource,
): Twin | undefined {
  const given = argumentsOf(call, source.text);
  // The promises' stat knows no such option in all versions of Node.
  if (/throwIfNoEntry/.test(given)) return undefined;
  if (object !== undefined) {
    const awaited = `await ${textOf(source, object)}.promises.${name}(${given})`;
    return { name, awaited, changes: [] };
  }
  const { local, changes } = importOf(source, binding, "fs/promises", name);
  return { name, awaited: `await ${local}(${given})`, changes };
}

/** exec gives text and both streams; execSync gives the bytes of stdout unless it is told an encoding. */
function execTwin(
  call: SyntaxNode,
  { object, binding }: NodeFunction,
  name: string,
  source: HandlerSource,
): Twin | undefined {
  const given = call["arguments"] as readonly SyntaxNode[];
  const options = given.find(({ type }) => type === "ObjectExpression");
  const isPlain = given.every(
    (each) =>
      each === options ||
      /^(?:StringLiteral|TemplateLiteral|Identifier|ArrayExpression)$/.test(each.type),
  );
  const keys = ((options?.["properties"] ?? []) as readonly SyntaxNode[]).map(({ key }) =>
    nameOf(key),
  );
  const knowsStreams =
    !keys.includes("stdio") && !keys.includes("input") && !keys.includes(undefined);
  if (!isPlain || !knowsStreams) return undefined;
  const promisify: Imported = importOf(source, binding, "util", "promisify");
  const twin: Imported =
    object === undefined
      ? importOf(source, binding, "child_process", name)
      : { local: `${textOf(source, object)}.${name}`, changes: [] };
  const text = withEncoding(argumentsOf(call, source.text), given, options, keys, source);
  return {
    name,
    awaited: `(await ${promisify.local}(${twin.local})(${text})).stdout`,
    changes: [...twin.changes, ...promisify.changes],
  };
}

function withEncoding(
  given: string,
  all: readonly SyntaxNode[],
  options: SyntaxNode | undefined,
  keys: readonly (string | undefined)[],
  source: HandlerSource,
): string {
  if (keys.includes("encoding")) return given;
  const quoted = '"buffer"';
  if (options === undefined) return `${given}, { encoding: ${quoted} }`;
  const before = all.filter((each) => each !== options).map((each) => textOf(source, each));
  const own = textOf(source, options).replace(/^\{\s*/, "");
  const rest = own === "}" ? "}" : `, ${own}`;
  return [...before, `{ encoding: ${quoted}${rest}`].join(", ");
}

/** `Atomics.wait` by itself: waitAsync answers at once or with a promise, and await takes both. */
function waitTwin(call: SyntaxNode, source: HandlerSource): Twin | undefined {
  const callee = call["callee"];
  if (!isNode(callee) || nameOf(callee["property"]) !== "wait") return undefined;
  const object = callee["object"];
  if (!isNode(object) || nameOf(object) !== "Atomics") return undefined;
  if (source.scopes.bindingOf(object) !== undefined) return undefined;
  const awaited = `await Atomics.waitAsync(${argumentsOf(call, source.text)}).value`;
  return { name: "Atomics.waitAsync", awaited, changes: [] };
}

function isHeld({ uses }: HandlerSource, call: SyntaxNode): boolean {
  return uses.some(({ held }) => held.some((statement) => [...walkOwn(statement)].includes(call)));
}

function isPower(parent: SyntaxNode | undefined): boolean {
  return parent?.type === "BinaryExpression" && parent["operator"] === "**";
}

function argumentsOf(call: SyntaxNode, text: string): string {
  const given = call["arguments"] as readonly SyntaxNode[];
  const [first] = given;
  const last = given.at(-1);
  return first === undefined || last === undefined ? "" : text.slice(first.start, last.end);
}

function textOf({ text }: HandlerSource, { start, end }: SyntaxNode): string {
  return text.slice(start, end);
}
