// Source text as a syntax tree, tolerant of errors, by Babel's parser: pure JavaScript, TypeScript included, so the server
// needs no compiler. Nodes are looked at through one loose type; every property is checked where it is used.

import { parse } from "@babel/parser";

export interface SyntaxNode {
  readonly type: string;
  /** UTF-16 offsets into the text. */
  readonly start: number;
  readonly end: number;
  readonly [property: string]: unknown;
}

/** Undefined when the text can't be parsed at all. */
export function parseText(text: string, file: string): SyntaxNode | undefined {
  try {
    const tree = parse(text, {
      sourceType: "unambiguous",
      errorRecovery: true,
      allowReturnOutsideFunction: true,
      plugins: ["typescript", ...(/\.[jt]sx$/.test(file) ? (["jsx"] as const) : [])],
    });
    return tree.program as unknown as SyntaxNode;
  } catch {
    // Half-typed text: nothing is offered until it parses again.
    return undefined;
  }
}

/** Parses, and reports no error that the parser had to recover from. */
export function parsesCleanly(text: string, file: string): boolean {
  try {
    parse(text, {
      sourceType: "unambiguous",
      allowReturnOutsideFunction: true,
      plugins: ["typescript", ...(/\.[jt]sx$/.test(file) ? (["jsx"] as const) : [])],
    });
    return true;
  } catch {
    return false;
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { readonly type?: unknown }).type === "string" &&
    typeof (value as { readonly start?: unknown }).start === "number"
  );
}

export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (const [name, value] of Object.entries(node)) {
    if (name === "loc" || name.endsWith("Comments")) continue;
    if (isNode(value)) children.push(value);
    else if (Array.isArray(value)) children.push(...(value as readonly unknown[]).filter(isNode));
  }
  return children;
}

/** Outermost first: every node that contains the offset. */
export function pathTo(tree: SyntaxNode, offset: number): SyntaxNode[] {
  const path = [tree];
  for (let node: SyntaxNode | undefined = tree; node !== undefined;) {
    node = childrenOf(node).find((child) => child.start <= offset && offset < child.end);
    if (node !== undefined) path.push(node);
  }
  return path;
}

/** The node itself and all below it. */
export function* walk(node: SyntaxNode): Generator<SyntaxNode> {
  yield node;
  for (const child of childrenOf(node)) yield* walk(child);
}

const functionTypes = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ObjectMethod",
  "ClassMethod",
]);

export function isFunction(node: SyntaxNode): boolean {
  return functionTypes.has(node.type);
}

/** Of an identifier or a literal string; undefined of anything else. */
export function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  const name = node["name"] ?? node["value"];
  return typeof name === "string" ? name : undefined;
}

/** Offset of a place as people count it: line and column from 1. */
export function offsetOf(text: string, line: number, column: number): number {
  let at = 0;
  for (let each = 1; each < line; each++) {
    const next = text.indexOf("\n", at);
    if (next === -1) return text.length;
    at = next + 1;
  }
  return Math.min(text.length, at + column - 1);
}

/** Line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < offset; at = text.indexOf("\n", at + 1)) {
    line++;
  }
  return line;
}
