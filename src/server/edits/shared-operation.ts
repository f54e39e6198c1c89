// What a locked region does, where that is one operation on one element of a shared array of integers: something that
// Atomics does by itself.

import type { HandlerSource } from "../source/handler-source.ts";
import type { LockUse } from "../source/lock-use.ts";
import { sharedElementOf, type SharedElement } from "../source/shared-memory.ts";
import { isNode, nameOf, walk, type SyntaxNode } from "../syntax.ts";

export interface SharedOperation {
  readonly element: SharedElement;
  readonly method: "add" | "sub" | "or" | "and" | "xor" | "load" | "store";
  /** Second operand; undefined for a load. */
  readonly operand: string | undefined;
  /** The operand is surely an integer. */
  readonly isWhole: boolean;
  /** The region's value: nothing, what was there before, what was computed, or that as the element holds it. */
  readonly gives: "nothing" | "before" | "after" | "stored";
  /** `return` ends the region. */
  readonly returns: boolean;
}

const integerTypes = new Set([
  "Int8Array",
  "Uint8Array",
  "Int16Array",
  "Uint16Array",
  "Int32Array",
  "Uint32Array",
  "BigInt64Array",
  "BigUint64Array",
]);
const methods: Readonly<Record<string, SharedOperation["method"]>> = {
  "+": "add",
  "-": "sub",
  "|": "or",
  "&": "and",
  "^": "xor",
};

/** Undefined when the region does anything else, or when it can't be told what it does. */
export function sharedOperation(source: HandlerSource, use: LockUse): SharedOperation | undefined {
  const [first, ...rest] = use.held;
  if (first === undefined || rest.length > 2) return undefined;
  const kept = keptRead(source, first);
  if (kept !== undefined) return afterRead(source, rest, kept);
  const [second, ...others] = rest;
  const alone = operationOf(source, first);
  if (second === undefined || alone === undefined) return alone;
  // `cells[0]++; return cells[0];`
  const read = operationOf(source, second);
  const returnsIt = read?.method === "load" && read.returns && others.length === 0;
  if (!returnsIt || alone.gives !== "nothing" || alone.method === "load") return undefined;
  if (!isSameElement(source, alone.element, read.element)) return undefined;
  return { ...alone, gives: "stored", returns: true };
}

/** The name of `const before = cells[0];`. */
function keptRead(source: HandlerSource, statement: SyntaxNode): string | undefined {
  if (statement.type !== "VariableDeclaration" || statement["kind"] !== "const") return undefined;
  const [declarator, ...others] = statement["declarations"] as readonly SyntaxNode[];
  const init = declarator?.["init"];
  if (others.length > 0 || !isNode(init)) return undefined;
  return elementOf(source, withoutDefault(init)) === undefined
    ? undefined
    : nameOf(declarator?.["id"]);
}

/** `const before = cells[0]; cells[0] = before + 1; return before;` */
function afterRead(
  source: HandlerSource,
  [store, last]: readonly SyntaxNode[],
  kept: string,
): SharedOperation | undefined {
  const operation = store === undefined ? undefined : operationOf(source, store, kept);
  if (operation === undefined || operation.method === "store" || operation.returns)
    return undefined;
  if (last === undefined) return operation;
  const returned = last.type === "ReturnStatement" ? last["argument"] : undefined;
  return nameOf(returned) === kept ? { ...operation, gives: "before", returns: true } : undefined;
}

function operationOf(
  source: HandlerSource,
  statement: SyntaxNode,
  kept?: string,
): SharedOperation | undefined {
  const returns = statement.type === "ReturnStatement";
  const isStatement = returns || statement.type === "ExpressionStatement";
  const expression = isStatement ? (statement["expression"] ?? statement["argument"]) : statement;
  if (!isNode(expression)) return undefined;
  const found = ofExpression(source, expression, kept);
  if (found === undefined) return undefined;
  if (found.method === "load" && !returns && isStatement) return undefined;
  return { ...found, gives: isStatement && !returns ? "nothing" : found.gives, returns };
}

type Operation = Omit<SharedOperation, "returns">;

function ofExpression(
  source: HandlerSource,
  expression: SyntaxNode,
  kept: string | undefined,
): Operation | undefined {
  if (expression.type === "MemberExpression") {
    const element = elementOf(source, expression);
    if (element === undefined) return undefined;
    return { element, method: "load", operand: undefined, isWhole: true, gives: "before" };
  }
  if (expression.type === "UpdateExpression") return ofUpdate(source, expression);
  if (expression.type !== "AssignmentExpression") return undefined;
  const { left, right } = expression;
  const operator = String(expression["operator"]);
  const element = isNode(left) ? elementOf(source, left) : undefined;
  if (element === undefined || !isNode(right)) return undefined;
  if (operator !== "=") {
    const method = methods[operator.slice(0, -1)];
    return method === undefined ? undefined : withOperand(source, element, method, right);
  }
  const known = right.type === "BinaryExpression" ? methods[String(right["operator"])] : undefined;
  const [one, other] = [right["left"], right["right"]];
  if (known !== undefined && isNode(one) && isNode(other)) {
    const isRead = (value: SyntaxNode): boolean =>
      kept === undefined ? readsElement(source, value, element) : nameOf(value) === kept;
    if (isRead(one)) return withOperand(source, element, known, other);
    if (known !== "sub" && isRead(other)) {
      return withOperand(source, element, known, one);
    }
  }
  return withOperand(source, element, "store", right);
}

function ofUpdate(source: HandlerSource, expression: SyntaxNode): Operation | undefined {
  const argument = expression["argument"];
  const element = isNode(argument) ? elementOf(source, argument) : undefined;
  if (element === undefined) return undefined;
  const method = expression["operator"] === "++" ? "add" : "sub";
  const operand = element.array.type.startsWith("Big") ? "1n" : "1";
  const gives = expression["prefix"] === true ? "after" : "before";
  return { element, method, operand, isWhole: true, gives };
}

function withOperand(
  source: HandlerSource,
  element: SharedElement,
  method: SharedOperation["method"],
  operand: SyntaxNode,
): Operation | undefined {
  if (!isFixed(operand)) return undefined;
  const text = source.text.slice(operand.start, operand.end);
  return { element, method, operand: text, isWhole: isWhole(operand), gives: "after" };
}

function readsElement(
  source: HandlerSource,
  expression: SyntaxNode,
  element: SharedElement,
): boolean {
  const read = sharedElementOf(withoutDefault(expression), source.scopes);
  return read !== undefined && isSameElement(source, read, element);
}

/** `cells[0]` of `(cells[0] ?? 0)`: within its bounds an element is never undefined. */
function withoutDefault(expression: SyntaxNode): SyntaxNode {
  const isDefaulted = expression.type === "LogicalExpression" && expression["operator"] === "??";
  const value = isDefaulted ? expression["left"] : expression["expression"];
  return (isDefaulted || expression.type === "TSNonNullExpression") && isNode(value)
    ? value
    : expression;
}

function elementOf(source: HandlerSource, expression: SyntaxNode): SharedElement | undefined {
  const element = sharedElementOf(expression, source.scopes);
  const isAtomic = element !== undefined && integerTypes.has(element.array.type);
  return isAtomic && isFixed(element.index) ? element : undefined;
}

function isSameElement(
  { text }: HandlerSource,
  first: SharedElement,
  second: SharedElement,
): boolean {
  const indexOf = ({ index }: SharedElement): string => text.slice(index.start, index.end);
  return first.array.name === second.array.name && indexOf(first) === indexOf(second);
}

/** Names, fields and arithmetic on them: the same whether the lock is held or not, since the thread is stopped meanwhile. */
function isFixed(expression: SyntaxNode): boolean {
  return [...walk(expression)].every(
    (node) =>
      /^(?:Identifier|NumericLiteral|BigIntLiteral|BinaryExpression|ConditionalExpression)$/.test(
        node.type,
      ) ||
      (node.type === "UnaryExpression" && node["operator"] !== "delete") ||
      (node.type === "MemberExpression" && node["computed"] !== true),
  );
}

function isWhole(operand: SyntaxNode): boolean {
  if (operand.type === "BigIntLiteral") return true;
  if (operand.type === "NumericLiteral") return Number.isInteger(operand["value"]);
  const inner = operand["argument"];
  if (operand.type === "UnaryExpression") {
    return operand["operator"] === "~" || (isNode(inner) && isWhole(inner));
  }
  // Bitwise operators give whole numbers whatever they are given.
  const bitwise = /^(?:[|&^]|<<|>>)$/;
  return operand.type === "BinaryExpression" && bitwise.test(String(operand["operator"]));
}
