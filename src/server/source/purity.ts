// Whether an expression may be computed at another moment without anybody being able to tell: it is made from values that no
// other thread and no other turn can change, and it touches nothing. What can't be proven from the file's text is not pure.
//
// Such values are literals, the handler's event (a copy of the turn's own), parameters and constants made from them, and what
// pure functions of the file give. Shared memory never is.

import { childrenOf, isFunction, isNode, nameOf, type SyntaxNode } from "../syntax.ts";
import { calledFunction } from "./calls.ts";
import type { HandlerSource } from "./handler-source.ts";
import { handlersOf } from "./handlers.ts";
import { isNeverChanged } from "./never-changed.ts";
import { nodeFunctionOf } from "./node-function.ts";
import {
  isChangingMethod,
  isPureConstructor,
  isPureGlobal,
  isPureNodeFunction,
  isReadingMethod,
  neverThrows,
} from "./pure-builtins.ts";
import { isWithin, type Binding } from "./scopes.ts";

/** "total" gives a value whatever happens; the other may throw instead. */
export type Purity = "total" | "may-throw";

/** `standsStill`: no other turn of the thread runs meanwhile, so that what this turn has handed on can't change either. */
export function purityOf(
  expression: SyntaxNode,
  source: HandlerSource,
  standsStill: boolean,
): Purity | undefined {
  const proof: Proof = { source, standsStill, within: [], mayThrow: false };
  if (!isPure(expression, proof)) return undefined;
  return proof.mayThrow ? "may-throw" : "total";
}

interface Proof {
  readonly source: HandlerSource;
  readonly standsStill: boolean;
  /** The pure functions being looked into, outermost first: their own variables may change. */
  readonly within: readonly SyntaxNode[];
  mayThrow: boolean;
}

const primitiveTypes = /^TS(?:Number|String|Boolean|BigInt)Keyword$/;
const plainNodes = new Set(
  (
    "NumericLiteral StringLiteral BooleanLiteral NullLiteral BigIntLiteral RegExpLiteral TemplateLiteral TemplateElement " +
    "LogicalExpression ConditionalExpression SequenceExpression ParenthesizedExpression ArrayExpression SpreadElement " +
    "BlockStatement ReturnStatement ExpressionStatement IfStatement ForStatement ForOfStatement WhileStatement " +
    "DoWhileStatement BreakStatement ContinueStatement EmptyStatement SwitchStatement SwitchCase VariableDeclaration " +
    "ObjectExpression TSAsExpression TSNonNullExpression TSSatisfiesExpression"
  ).split(" "),
);
const plainBinary = new Set("+ - * / % ** & | ^ << >> >>> === !== == != < <= > >=".split(" "));
const plainUnary = new Set(["+", "-", "!", "~", "void", "typeof"]);

function isPure(node: SyntaxNode, proof: Proof): boolean {
  switch (node.type) {
    case "Identifier":
      return isKnown(node, proof);
    case "MemberExpression":
    case "OptionalMemberExpression":
      return isPlainMember(node, proof);
    case "CallExpression":
    case "OptionalCallExpression":
      return isPureCall(node, proof);
    case "NewExpression":
      return isPureNew(node, proof);
    case "AssignmentExpression":
      return isOwn(node["left"], proof) && partsArePure(node, proof);
    case "UpdateExpression":
      return isOwn(node["argument"], proof);
    case "BinaryExpression":
      return plainBinary.has(String(node["operator"])) && partsArePure(node, proof);
    case "UnaryExpression":
      return plainUnary.has(String(node["operator"])) && partsArePure(node, proof);
    case "ThrowStatement":
      proof.mayThrow = true;
      return partsArePure(node, proof);
    case "VariableDeclarator":
      return !isNode(node["init"]) || isPure(node["init"], proof);
    case "ObjectProperty":
      return isNode(node["value"]) && isPure(node["value"], proof) && isPlainKey(node, proof);
    case "BigIntLiteral":
      // Mixed with a number it throws.
      proof.mayThrow = true;
      return true;
    default:
      return plainNodes.has(node.type) && partsArePure(node, proof);
  }
}

/** Types are no part of what runs. */
function partsArePure(node: SyntaxNode, proof: Proof): boolean {
  return childrenOf(node).every((child) => isType(child) || isPure(child, proof));
}

function isType({ type }: SyntaxNode): boolean {
  return type.startsWith("TS") && !plainNodes.has(type);
}

function isPlainKey(property: SyntaxNode, proof: Proof): boolean {
  const key = property["key"];
  return property["computed"] !== true || (isNode(key) && isPure(key, proof));
}

function isKnown(identifier: SyntaxNode, proof: Proof): boolean {
  const binding = proof.source.scopes.bindingOf(identifier);
  if (binding === undefined) return /^(?:undefined|NaN|Infinity)$/.test(nameOf(identifier) ?? "");
  if (isLocal(binding, proof)) return true;
  if (binding.writes.length > 0) return false;
  if (binding.kind === "parameter") return isPlainParameter(binding, proof);
  const { owner } = binding;
  const init = owner.type === "VariableDeclarator" ? owner["init"] : undefined;
  if (binding.kind !== "const" || !isNode(init) || isFunction(init)) return false;
  if (!isPure(init, proof)) return false;
  // While the thread stands still nobody changes what this turn alone has.
  const mayBeHandedOn = proof.standsStill && binding.scope !== proof.source.tree;
  return isPrimitive(init) || isNeverChanged(binding, proof.source.scopes, mayBeHandedOn);
}

/** A variable of the pure function that is looked into. */
function isLocal({ scope }: Binding, { within }: Proof): boolean {
  return within.some((declared) => isWithin(scope, declared));
}

/** Of a primitive type; or a handler's event, which is a copy that no other turn has. */
function isPlainParameter({ identifier, owner }: Binding, proof: Proof): boolean {
  if (isPrimitiveType(identifier)) return true;
  const [event] = owner["params"] as readonly SyntaxNode[];
  if (event === undefined || !isWithin(identifier, event)) return false;
  const isEvent = handlersOf(proof.source.tree).includes(owner);
  if (isEvent) proof.mayThrow = true;
  return isEvent;
}

function isPrimitiveType(identifier: SyntaxNode): boolean {
  const annotation = identifier["typeAnnotation"];
  const type = isNode(annotation) ? annotation["typeAnnotation"] : undefined;
  return isNode(type) && primitiveTypes.test(type.type);
}

function isPrimitive({ type }: SyntaxNode): boolean {
  return /^(?:Numeric|String|Boolean|BigInt|Null|Template)Literal$|^(?:Unary|Binary)Expression$/.test(
    type,
  );
}

function isPlainMember(node: SyntaxNode, proof: Proof): boolean {
  const { object, property } = node;
  if (!isNode(object) || !isNode(property)) return false;
  if (isMath(object, proof)) return node["computed"] !== true;
  proof.mayThrow = true;
  const isIndexed = node["computed"] === true;
  return isPure(object, proof) && (!isIndexed || isPure(property, proof));
}

function isMath(object: SyntaxNode, { source: { scopes } }: Proof): boolean {
  return nameOf(object) === "Math" && scopes.bindingOf(object) === undefined;
}

function isPureCall(call: SyntaxNode, proof: Proof): boolean {
  const { callee } = call;
  const { scopes } = proof.source;
  if (!isNode(callee) || !argumentsArePure(call, proof)) return false;
  const declared = calledFunction(call, scopes);
  if (declared !== undefined) return isPureFunction(declared, proof);
  const ofNode = nodeFunctionOf(call, scopes);
  if (ofNode !== undefined) {
    proof.mayThrow = true;
    return isPureNodeFunction(ofNode);
  }
  const root = callee.type === "Identifier" ? callee : callee["object"];
  const isGlobal =
    isNode(root) && root.type === "Identifier" && scopes.bindingOf(root) === undefined;
  if (isGlobal && isPureGlobal(callee)) {
    if (!neverThrows(callee)) proof.mayThrow = true;
    return true;
  }
  return isPureMethod(callee, proof);
}

/** Functions among them are called by whoever gets them: they must be pure too. */
function argumentsArePure(call: SyntaxNode, proof: Proof): boolean {
  const given = call["arguments"] as readonly SyntaxNode[];
  return given.every((each) =>
    isFunction(each) ? isPureFunction(each, proof) : isPure(each, proof),
  );
}

function isPureMethod(callee: SyntaxNode, proof: Proof): boolean {
  const { object, property } = callee;
  if (!isNode(object) || !isNode(property) || callee["computed"] === true) return false;
  proof.mayThrow = true;
  const method = nameOf(property);
  if (isReadingMethod(method)) return isPure(object, proof);
  return isChangingMethod(method) && isFresh(object, proof) && isPure(object, proof);
}

function isPureNew(node: SyntaxNode, proof: Proof): boolean {
  const callee = node["callee"];
  proof.mayThrow = true;
  const isGlobal = isNode(callee) && proof.source.scopes.bindingOf(callee) === undefined;
  return isGlobal && isPureConstructor(callee) && argumentsArePure(node, proof);
}

/** A variable of the function's own, or an element of an object that the function has made itself. */
function isOwn(target: unknown, proof: Proof): boolean {
  if (!isNode(target)) return false;
  if (target.type === "Identifier") {
    const binding = proof.source.scopes.bindingOf(target);
    return binding !== undefined && isLocal(binding, proof);
  }
  const object = target["object"];
  return target.type === "MemberExpression" && isNode(object) && isFresh(object, proof);
}

const makers = /^(?:Array|Object|New)Expression$/;

/** Made here: a literal, a new object, what a chain of calls on one gives, a local that holds nothing else. */
function isFresh(expression: SyntaxNode, proof: Proof): boolean {
  if (makers.test(expression.type)) return true;
  if (expression.type === "CallExpression") {
    const callee = expression["callee"];
    if (nodeFunctionOf(expression, proof.source.scopes) !== undefined) return true;
    const object = isNode(callee) ? callee["object"] : undefined;
    return isNode(object) && isFresh(object, proof);
  }
  if (expression.type !== "Identifier") return false;
  const binding = proof.source.scopes.bindingOf(expression);
  const init = binding?.owner.type === "VariableDeclarator" ? binding.owner["init"] : undefined;
  if (binding === undefined || !isLocal(binding, proof) || binding.writes.length > 0) return false;
  return binding.owner["id"] === binding.identifier && isNode(init) && isFresh(init, proof);
}

function isPureFunction(declared: SyntaxNode, proof: Proof): boolean {
  if (declared["async"] === true || declared["generator"] === true) return false;
  if (proof.within.includes(declared)) return false;
  const parameters = declared["params"] as readonly SyntaxNode[];
  const body = declared["body"];
  if (!isNode(body)) return false;
  if (!parameters.every((each) => each.type === "Identifier" && isPrimitiveType(each))) {
    proof.mayThrow = true;
  }
  const defaults = parameters.every(
    ({ type, right }) => type !== "AssignmentPattern" || (isNode(right) && isPure(right, proof)),
  );
  const inside: Proof = { ...proof, within: [...proof.within, declared] };
  const pure = defaults && !usesThis(body) && isPure(body, inside);
  if (inside.mayThrow) proof.mayThrow = true;
  return pure;
}

function usesThis(body: SyntaxNode): boolean {
  return childrenOf(body).some(
    (child) => child.type === "ThisExpression" || (!isFunction(child) && usesThis(child)),
  );
}
