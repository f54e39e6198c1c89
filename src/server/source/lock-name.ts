// Whether the text that names a lock, or an array of shared memory, means a certain one.

import { nameOf, type SyntaxNode } from "../syntax.ts";

export function literal(name: SyntaxNode | undefined): string | undefined {
  return name?.type === "StringLiteral" ? nameOf(name) : undefined;
}

export function couldBe(name: SyntaxNode, wanted: string): "yes" | "no" | "perhaps" {
  const text = literal(name);
  if (text !== undefined) return text === wanted ? "yes" : "no";
  if (name.type !== "TemplateLiteral") return "perhaps";
  const quasis = name["quasis"] as readonly SyntaxNode[];
  const pieces = quasis.map(({ value }) => (value as { readonly cooked?: string }).cooked ?? "");
  const fits = wanted.startsWith(pieces[0] ?? "") && wanted.endsWith(pieces.at(-1) ?? "");
  return fits ? "perhaps" : "no";
}
