// Whether a handler module is a worker file of piscina or tinypool, whose function is given the payload itself. Either it says
// so by an import, or its only export is a function of one parameter that is used for what no event has.

import { isNode, nameOf, walk, type Fields, type Node } from "./syntax-tree.ts";

const eventFields = new Set(["type", "payload", "priority", "id", "key"]);

/** `tree` is the entry module's. Unsure is no: a handler that is given an event can still take its payload out. */
export function takesPayloadItself(tree: Node): boolean {
  const handler = onlyExport(tree);
  if (handler === undefined) return false;
  const [parameter, ...others] = handler["params"] as readonly Fields[];
  if (parameter === undefined || others.length > 0) return false;
  const used = fieldsOf(parameter, handler);
  return used.length > 0 && used.every((name) => !eventFields.has(name));
}

/** The function that the module exports by default, or as module.exports, and nothing beside it. */
function onlyExport(tree: Node): Fields | undefined {
  const body = (tree as Fields)["body"] as readonly Fields[];
  const exported = body.flatMap((node) => exportedBy(node));
  const [only] = exported;
  if (exported.length !== 1 || only === undefined) return undefined;
  if (isFunction(only)) return only;
  return body.find((node) => isFunction(node) && nameOf(node["id"]) === nameOf(only));
}

function exportedBy(node: Fields): readonly Fields[] {
  if (node.type === "ExportNamedDeclaration" || node.type === "ExportAllDeclaration") return [node];
  if (node.type === "ExportDefaultDeclaration") return [node["declaration"] as Fields];
  const assignment = node["expression"];
  if (!isNode(assignment) || assignment.type !== "AssignmentExpression") return [];
  const target = assignment["left"] as Fields;
  if (target.type !== "MemberExpression") return [];
  const [owner, name] = [nameOf(target["object"]), nameOf(target["property"])];
  if (owner === "module" && name === "exports") return [assignment["right"] as Fields];
  return owner === "exports" ? [assignment] : [];
}

function isFunction(node: Fields): boolean {
  return node.type.includes("Function");
}

/** Names that are taken out of the parameter: by its pattern, or by member access on its name. */
function fieldsOf(parameter: Fields, handler: Fields): readonly string[] {
  if (parameter.type === "ObjectPattern") {
    return (parameter["properties"] as readonly Fields[]).map(({ key }) => nameOf(key));
  }
  const name = nameOf(parameter);
  const found: string[] = [];
  walk(handler["body"] as Node, (node) => {
    if (node.type !== "MemberExpression" || nameOf(node["object"]) !== name) return;
    found.push(node["computed"] === true ? "" : nameOf(node["property"]));
  });
  return found;
}
