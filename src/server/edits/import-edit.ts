// A name of one of Node's modules, made available in a file: the one that is imported already, or an import beside the one
// that the file has, in the same manner (import or require, with "node:" or without).

import type { HandlerSource } from "../source/handler-source.ts";
import type { Binding } from "../source/scopes.ts";
import { isNode, nameOf, walk, type SyntaxNode } from "../syntax.ts";
import { lineBreakOf, lineEnd, quoteOf, unusedName, type TextChange } from "./source-edit.ts";

export interface Imported {
  /** What the name is called in this file. */
  readonly local: string;
  readonly changes: readonly TextChange[];
}

/** `beside`: an import or require of the file that is taken as the model. */
export function importOf(
  source: HandlerSource,
  beside: Binding,
  module: string,
  name: string,
): Imported {
  const known = knownImport(source.tree, module, name);
  if (known !== undefined) return { local: known, changes: [] };
  const { text, scopes } = source;
  const declaration = scopes.parentOf(beside.owner) ?? beside.owner;
  const isRequire = declaration.type !== "ImportDeclaration";
  const local = unusedName(text, name);
  const specifier = local === name ? name : `${name} as ${local}`;
  const last = isRequire ? undefined : lastSpecifier(declaration, module);
  if (last !== undefined) {
    return { local, changes: [{ start: last.end, end: last.end, text: `, ${specifier}` }] };
  }
  const model = text.slice(declaration.start, declaration.end);
  const quote = quoteOf(model);
  const path = `${quote}${model.includes(`${quote}node:`) ? "node:" : ""}${module}${quote}`;
  const end = model.endsWith(";") ? ";" : "";
  const line = isRequire
    ? `const { ${local === name ? name : `${name}: ${local}`} } = require(${path})${end}`
    : `import { ${specifier} } from ${path}${end}`;
  const at = lineEnd(text, declaration.end);
  return { local, changes: [{ start: at, end: at, text: line + lineBreakOf(text) }] };
}

/** Of an import of names from this very module: the new name goes behind it. */
function lastSpecifier(declaration: SyntaxNode, module: string): SyntaxNode | undefined {
  if (moduleOf(declaration) !== module || declaration["importKind"] === "type") return undefined;
  const last = (declaration["specifiers"] as readonly SyntaxNode[]).at(-1);
  return last?.type === "ImportSpecifier" ? last : undefined;
}

function moduleOf(declaration: SyntaxNode): string | undefined {
  return nameOf(declaration["source"])?.replace(/^node:/, "");
}

function knownImport(tree: SyntaxNode, module: string, name: string): string | undefined {
  for (const node of walk(tree)) {
    if (node.type !== "ImportDeclaration" || moduleOf(node) !== module) continue;
    for (const specifier of node["specifiers"] as readonly SyntaxNode[]) {
      if (isNode(specifier["imported"]) && nameOf(specifier["imported"]) === name) {
        return nameOf(specifier["local"]);
      }
    }
  }
  return undefined;
}
