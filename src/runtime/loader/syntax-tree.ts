// The little that the loader needs of a syntax tree: parse with a clear problem, walk with the enclosing function's name.

import { parse, type Node, type Program } from "acorn";
import { LoadError } from "./load-problem.ts";

export type { Node } from "acorn";

/** A node seen as the record of fields that it is. */
export type Fields = Node & Readonly<Record<string, unknown>>;

/** Throws a LoadError that names file, line and column. */
export function parseSource(text: string, file: string): Program {
  try {
    return parse(text, {
      ecmaVersion: "latest",
      sourceType: "module",
      locations: true,
      allowHashBang: true,
      allowReturnOutsideFunction: true,
    });
  } catch (error) {
    if (!(error instanceof SyntaxError) || !("loc" in error)) throw error;
    const { line, column } = error.loc as { readonly line: number; readonly column: number };
    const isDecorator = text.split("\n")[line - 1]?.[column] === "@";
    throw new LoadError({
      message: isDecorator
        ? "Decorators are not supported."
        : error.message.replace(/ \(\d+:\d+\)$/, ""),
      file,
      line,
      column: column + 1,
      ...(isDecorator ? { advice: "Compile the file first and profile the result." } : {}),
    });
  }
}

/** Calls `visit` for each node, parents first, with the name of the function it stands in ("" at module level). */
export function walk(node: Node, visit: (node: Fields, within: string) => void): void {
  walkNode(node as Fields, "", "", visit);
}

function walkNode(
  node: Fields,
  within: string,
  nameHint: string,
  visit: (node: Fields, within: string) => void,
): void {
  visit(node, within);
  const inner = isFunction(node) ? nameOf(node["id"]) || nameHint || within : within;
  const hint = hintFor(node);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (isNode(child)) walkNode(child, inner, hint, visit);
    }
  }
}

function isFunction(node: Fields): boolean {
  return node.type.includes("Function");
}

/** `const place = () => ...` and `place() {...}` name the function that stands in them. */
function hintFor(node: Fields): string {
  if (node.type === "VariableDeclarator") return nameOf(node["id"]);
  if (node.type === "MethodDefinition" || node.type === "Property") return nameOf(node["key"]);
  return "";
}

export function nameOf(node: unknown): string {
  return isNode(node) && typeof node["name"] === "string" ? node["name"] : "";
}

export function isNode(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}
