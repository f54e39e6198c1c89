// Gives every call that may acquire or wake a lock a site id, without changing the call's arguments. The insertion stands at
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
  "notifyOne",
  "notifyAll",
]);

export interface MarkedSite {
  /** From 1, in the text that was given. */
  readonly line: number;
  readonly column: number;
  readonly function: string;
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
  walk(tree, (node, within) => {
    const property = markedProperty(node);
    if (property?.loc === null || property?.loc === undefined) return;
    const { line, column } = property.loc.start;
    const id = firstId + sites.length;
    sites.push({ line, column: column + 1, function: within });
    marked.appendLeft(node.end - 1, `${separator(text, node)}...($poolscope.s=${id},[])`);
  });
  if (sites.length === 0) return { text, sites };
  if (mapFile === undefined) return { text: marked.toString(), sites };
  const map = marked.generateMap({ source: mapFile, hires: "boundary" });
  return { text: `${marked.toString()}\n//# sourceMappingURL=${map.toUrl()}`, sites };
}

function markedProperty(node: Fields): Fields | undefined {
  if (node.type !== "CallExpression") return undefined;
  const callee = node["callee"];
  if (!isNode(callee) || callee.type !== "MemberExpression" || callee["computed"] === true) {
    return undefined;
  }
  const property = callee["property"];
  return isNode(property) && markedCalls.has(nameOf(property)) ? property : undefined;
}

/** A comma, unless there is no argument or the last one has its trailing comma. */
function separator(text: string, call: Fields): string {
  const last = (call["arguments"] as readonly Node[]).at(-1);
  if (last === undefined) return "";
  const rest = text.slice(last.end, call.end - 1).replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
  return rest.includes(",") ? "" : ",";
}
