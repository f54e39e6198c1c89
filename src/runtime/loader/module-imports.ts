// What a file imports by a literal name, whether it is an ES module, and where its exported functions begin.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isNode, nameOf, walk, type Fields, type Node } from "./syntax-tree.ts";

export interface ImportedName {
  readonly specifier: string;
  readonly line: number;
  readonly column: number;
}

export function importsOf(tree: Node): readonly ImportedName[] {
  const found: ImportedName[] = [];
  walk(tree, (node) => {
    const source = sourceOf(node);
    if (!isNode(source) || typeof source["value"] !== "string" || !source.loc) return;
    const { line, column } = source.loc.start;
    found.push({ specifier: source["value"], line, column: column + 1 });
  });
  return found;
}

function sourceOf(node: Fields): unknown {
  if (node.type === "ImportExpression" || node.type.startsWith("Import")) return node["source"];
  if (node.type.startsWith("Export")) return node["source"];
  const isRequire = node.type === "CallExpression" && nameOf(node["callee"]) === "require";
  return isRequire ? (node["arguments"] as readonly unknown[])[0] : undefined;
}

/** By extension, else by what stands in it, else by the nearest package.json. */
export function formatOf(path: string, tree: Node): "module" | "commonjs" {
  if (/\.m[tj]s$/.test(path)) return "module";
  if (/\.c[tj]s$/.test(path)) return "commonjs";
  const body = (tree as Fields)["body"] as readonly Node[];
  if (body.some((node) => /^(Import|Export)/.test(node.type))) return "module";
  return packageType(dirname(path));
}

function packageType(folder: string): "module" | "commonjs" {
  try {
    const text = readFileSync(join(folder, "package.json"), "utf8");
    const { type } = JSON.parse(text) as { readonly type?: string };
    return type === "module" ? "module" : "commonjs";
  } catch {
    const parent = dirname(folder);
    return parent === folder ? "commonjs" : packageType(parent);
  }
}

export interface ExportedFunction {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

export function exportedFunctions(tree: Node): readonly ExportedFunction[] {
  const found: ExportedFunction[] = [];
  for (const node of (tree as Fields)["body"] as readonly Fields[]) {
    const declaration = node["declaration"];
    if (!isNode(declaration) || !node.loc) continue;
    const { line, column } = node.loc.start;
    const at = { line, column: column + 1 };
    if (node.type === "ExportDefaultDeclaration") found.push({ name: "default", ...at });
    for (const name of declaredNames(declaration)) found.push({ name, ...at });
  }
  return found;
}

function declaredNames(declaration: Fields): readonly string[] {
  const name = nameOf(declaration["id"]);
  if (name !== "") return [name];
  const declarations = declaration["declarations"];
  if (!Array.isArray(declarations)) return [];
  return (declarations as Fields[]).map((each) => nameOf(each["id"])).filter((each) => each !== "");
}
