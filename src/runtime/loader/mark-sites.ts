// Gives every call that may acquire or wake a lock, or block the thread, a site id, without changing the call's arguments. The insertion stands at
// the end of the argument list, so the call's own position stays; what follows on the line moves, which the map undoes.

import MagicString from "magic-string";
import { walk, type Fields, isNode, nameOf, type Node } from "./syntax-tree.ts";

const markedCalls = new Set([
  "acquire",
  "acquireAsync",
  "tryAcquire",
  "run",
  "wait",
  "waitAsync",
  "notify",
  "notifyOne",
  "notifyAll",
  // Of other libraries' locks.
  "runExclusive",
  "use",
  "request",
]);

/** Node's name for a call that blocks: readFileSync, execSync. */
const blockingCall = /^[a-z]\w*Sync$/;

/** Libraries whose default export makes a function that is the lock: `const limit = pLimit(2)`, `limit(...)`. */
const lockMakers = /^(p-limit|mutexify|mutexify\/promise(\.js)?)$/;

export interface MarkedSite {
  /** From 1, in the text that was given. */
  readonly line: number;
  readonly column: number;
  readonly function: string;
  /** What the call names. */
  readonly name: string;
}

export interface MarkedText {
  readonly text: string;
  /** In the order of their ids, from `firstId`. */
  readonly sites: readonly MarkedSite[];
}

/** `mapFile` is the name to put into an inline source map; undefined for a text that has a map of its own. */
export function markSites(
  text: string,
  tree: Node,
  firstId: number,
  mapFile: string | undefined,
): MarkedText {
  const sites: MarkedSite[] = [];
  const marked = new MagicString(text);
  const lockFunctions = lockFunctionsOf(tree);
  walk(tree, (node, within) => {
    const named = markedName(node, lockFunctions);
    if (named?.loc === null || named?.loc === undefined) return;
    const { line, column } = named.loc.start;
    const id = firstId + sites.length;
    sites.push({ line, column: column + 1, function: within, name: nameOf(named) });
    marked.appendLeft(node.end - 1, `${separator(text, node)}...($poolscope.s=${id},[])`);
  });
  if (sites.length === 0) return { text, sites };
  if (mapFile === undefined) return { text: marked.toString(), sites };
  const map = marked.generateMap({ source: mapFile, hires: "boundary" });
  return { text: `${marked.toString()}\n//# sourceMappingURL=${map.toUrl()}`, sites };
}

/** The identifier by which a call is marked: a method's name, or a function's. */
function markedName(node: Fields, lockFunctions: ReadonlySet<string>): Fields | undefined {
  if (node.type !== "CallExpression") return undefined;
  const callee = node["callee"];
  if (!isNode(callee)) return undefined;
  const name = nameOf(callee);
  if (name !== "") return blockingCall.test(name) || lockFunctions.has(name) ? callee : undefined;
  if (callee.type !== "MemberExpression" || callee["computed"] === true) return undefined;
  const property = callee["property"];
  if (!isNode(property)) return undefined;
  const method = nameOf(property);
  return markedCalls.has(method) || blockingCall.test(method) ? property : undefined;
}

/** Names of variables that hold what one of the lock makers returned. */
function lockFunctionsOf(tree: Node): ReadonlySet<string> {
  const makers = new Set<string>();
  const functions = new Set<string>();
  walk(tree, (node) => {
    if (node.type === "ImportDeclaration" && isLockMaker(node["source"])) {
      for (const each of node["specifiers"] as readonly Fields[]) makers.add(nameOf(each["local"]));
    }
    if (node.type !== "VariableDeclarator") return;
    const made = node["init"];
    if (!isNode(made) || made.type !== "CallExpression") return;
    const callee = nameOf(made["callee"]);
    const required = (made["arguments"] as readonly unknown[])[0];
    if (callee === "require" && isLockMaker(required)) makers.add(nameOf(node["id"]));
    else if (makers.has(callee)) functions.add(nameOf(node["id"]));
  });
  return functions;
}

function isLockMaker(source: unknown): boolean {
  return isNode(source) && typeof source["value"] === "string" && lockMakers.test(source["value"]);
}

/** A comma, unless there is no argument or the last one has its trailing comma. */
function separator(text: string, call: Fields): string {
  const last = (call["arguments"] as readonly Node[]).at(-1);
  if (last === undefined) return "";
  const rest = text.slice(last.end, call.end - 1).replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
  return rest.includes(",") ? "" : ",";
}
