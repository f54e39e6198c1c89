// The functions that a module gives as handlers: what it exports, but for the names that mean something else to Poolscope.

import { isFunction, isNode, nameOf, type SyntaxNode } from "../syntax.ts";

const notHandlers = new Set(["workload", "setup", "teardown"]);

export function handlersOf(tree: SyntaxNode): SyntaxNode[] {
  return (tree["body"] as readonly SyntaxNode[]).flatMap((statement) => {
    const declared = statement["declaration"];
    if (!statement.type.startsWith("Export")) return commonJsHandler(statement);
    if (!isNode(declared)) return [];
    if (isFunction(declared)) return isHandler(declared["id"]) ? [declared] : [];
    const declarators = declared["declarations"];
    if (!Array.isArray(declarators)) return [];
    return (declarators as readonly SyntaxNode[]).flatMap(({ id, init }) =>
      isNode(init) && isFunction(init) && isHandler(id) ? [init] : [],
    );
  });
}

function isHandler(name: unknown): boolean {
  return !notHandlers.has(nameOf(name) ?? "");
}

/** `exports.name = async () => ...`, `module.exports = ...`. */
function commonJsHandler(statement: SyntaxNode): SyntaxNode[] {
  const assignment = statement["expression"];
  if (!isNode(assignment) || assignment.type !== "AssignmentExpression") return [];
  const { left, right } = assignment;
  if (!isNode(left) || !isNode(right) || !isFunction(right)) return [];
  const object = nameOf(left["object"]);
  const name = nameOf(left["property"]) ?? "";
  const isExports = object === "exports" || (object === "module" && name === "exports");
  return isExports && isHandler(left["property"]) ? [right] : [];
}
