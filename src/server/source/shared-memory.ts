// Which expressions are arrays of memory that the threads share: what `ctx.shared(name, Type, length)` gives, also through
// constants, through variables that are set once, and through functions that return nothing else.

import { isFunction, isNode, nameOf, type SyntaxNode } from "../syntax.ts";
import type { Binding, Scopes } from "./scopes.ts";

export interface SharedArray {
  readonly name: string;
  /** `Int32Array` and so on. */
  readonly type: string;
}

/** One element of a shared array. */
export interface SharedElement {
  readonly array: SharedArray;
  readonly object: SyntaxNode;
  readonly index: SyntaxNode;
}

export function sharedElementOf(expression: SyntaxNode, scopes: Scopes): SharedElement | undefined {
  const { object, property: index } = expression;
  if (expression.type !== "MemberExpression" || expression["computed"] !== true) return undefined;
  if (!isNode(object) || !isNode(index)) return undefined;
  const array = sharedArrayOf(object, scopes);
  return array === undefined ? undefined : { array, object, index };
}

export function sharedArrayOf(
  expression: SyntaxNode,
  scopes: Scopes,
  depth = 0,
): SharedArray | undefined {
  if (depth > 4) return undefined;
  if (expression.type === "Identifier") {
    const binding = scopes.bindingOf(expression);
    const value = binding === undefined ? undefined : onlyValue(binding, scopes);
    return value === undefined ? undefined : sharedArrayOf(value, scopes, depth + 1);
  }
  if (expression.type !== "CallExpression") return undefined;
  const callee = expression["callee"];
  if (!isNode(callee)) return undefined;
  if (callee.type === "Identifier") {
    const returned = returnedBy(scopes.bindingOf(callee));
    return returned === undefined ? undefined : sharedArrayOf(returned, scopes, depth + 1);
  }
  if (nameOf(callee["property"]) !== "shared") return undefined;
  const [name, type] = expression["arguments"] as readonly SyntaxNode[];
  const text = name?.type === "StringLiteral" ? nameOf(name) : undefined;
  const typeName = type?.type === "Identifier" ? nameOf(type) : undefined;
  return text === undefined || typeName === undefined ? undefined : { name: text, type: typeName };
}

/** What a constant is made with, or a variable is set to by the only assignment to it. */
function onlyValue({ owner, writes }: Binding, scopes: Scopes): SyntaxNode | undefined {
  const init = owner.type === "VariableDeclarator" ? owner["init"] : undefined;
  // A pattern takes its value apart: the name is not the value.
  if (owner.type !== "VariableDeclarator" || !isIdentifier(owner["id"])) return undefined;
  const [write, ...others] = writes;
  if (write === undefined) return isNode(init) ? init : undefined;
  const assignment = scopes.parentOf(write);
  if (isNode(init) || others.length > 0 || assignment?.type !== "AssignmentExpression") {
    return undefined;
  }
  const value = assignment["right"];
  const isPlain = assignment["operator"] === "=" || assignment["operator"] === "??=";
  return isPlain && isNode(value) ? value : undefined;
}

function isIdentifier(node: unknown): boolean {
  return isNode(node) && node.type === "Identifier";
}

/** The value of a function that does nothing but return it. */
export function returnedBy(binding: Binding | undefined): SyntaxNode | undefined {
  if (binding === undefined || binding.writes.length > 0) return undefined;
  const declared = binding.kind === "function" ? binding.owner : binding.owner["init"];
  if (!isNode(declared) || !isFunction(declared) || declared["async"] === true) return undefined;
  const body = declared["body"];
  if (!isNode(body)) return undefined;
  if (body.type !== "BlockStatement") return body;
  const [only, ...others] = body["body"] as readonly SyntaxNode[];
  const value = only?.type === "ReturnStatement" ? only["argument"] : undefined;
  return others.length === 0 && isNode(value) ? value : undefined;
}
