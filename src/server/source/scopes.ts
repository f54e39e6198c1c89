// What each name in a file means: its bindings, where they are visible, who uses them and who writes to them. Checks and
// edits ask here before they say that a value stays the same.

import { childrenOf, isFunction, isNode, nameOf, type SyntaxNode } from "../syntax.ts";

export interface Binding {
  readonly name: string;
  readonly kind: "const" | "let" | "var" | "parameter" | "function" | "class" | "import" | "catch";
  /** The identifier that declares it. */
  readonly identifier: SyntaxNode;
  /** The declarator, function, class or import specifier that it comes from. */
  readonly owner: SyntaxNode;
  /** Where it is visible. */
  readonly scope: SyntaxNode;
  /** Every identifier that means it, but for the one that declares it. */
  readonly uses: SyntaxNode[];
  /** Those of `uses` that assign to it. */
  readonly writes: SyntaxNode[];
}

export interface Scopes {
  /** What the identifier means; undefined for globals. */
  bindingOf(identifier: SyntaxNode): Binding | undefined;
  /** What the name would mean at this offset. */
  resolve(name: string, offset: number): Binding | undefined;
  parentOf(node: SyntaxNode): SyntaxNode | undefined;
}

export function scopesOf(tree: SyntaxNode): Scopes {
  const parents = new Map<SyntaxNode, SyntaxNode>();
  const identifiers: SyntaxNode[] = [];
  const bindings = new Map<string, Binding[]>();
  const meanings = new Map<SyntaxNode, Binding>();
  const declare = (
    identifier: SyntaxNode,
    kind: Binding["kind"],
    owner: SyntaxNode,
    scope: SyntaxNode,
  ): void => {
    const name = nameOf(identifier) ?? "";
    const known = bindings.get(name) ?? [];
    const binding = { name, kind, identifier, owner, scope, uses: [], writes: [] };
    bindings.set(name, [...known, binding]);
    meanings.set(identifier, binding);
  };
  const visit = (node: SyntaxNode, above: readonly SyntaxNode[]): void => {
    for (const { names, ...binding } of declaredBy(node, above)) {
      for (const name of names) declare(name, binding.kind, binding.owner, binding.scope);
    }
    if (node.type === "Identifier" || node.type === "JSXIdentifier") identifiers.push(node);
    const path = [...above, node];
    for (const child of childrenOf(node)) {
      parents.set(child, node);
      visit(child, path);
    }
  };
  visit(tree, []);

  const resolve = (name: string, offset: number): Binding | undefined =>
    (bindings.get(name) ?? [])
      .filter(({ scope }) => scope.start <= offset && offset <= scope.end)
      .reduce<Binding | undefined>(
        (best, each) => (best === undefined || isWithin(each.scope, best.scope) ? each : best),
        undefined,
      );
  for (const identifier of identifiers) {
    if (meanings.has(identifier) || isPropertyName(identifier, parents)) continue;
    const binding = resolve(nameOf(identifier) ?? "", identifier.start);
    if (binding === undefined) continue;
    meanings.set(identifier, binding);
    binding.uses.push(identifier);
    if (isWritten(identifier, parents)) binding.writes.push(identifier);
  }
  return {
    bindingOf: (identifier) => meanings.get(identifier),
    resolve,
    parentOf: (node) => parents.get(node),
  };
}

interface Declared {
  readonly names: readonly SyntaxNode[];
  readonly kind: Binding["kind"];
  readonly owner: SyntaxNode;
  readonly scope: SyntaxNode;
}

function declaredBy(node: SyntaxNode, above: readonly SyntaxNode[]): Declared[] {
  const block = above.findLast(isBlock) ?? above[0] ?? node;
  if (node.type === "VariableDeclaration") {
    const isVar = node["kind"] === "var";
    const scope = isVar ? (above.findLast(isFunction) ?? above[0] ?? node) : block;
    const kind = isVar ? "var" : node["kind"] === "let" ? "let" : "const";
    return (node["declarations"] as readonly SyntaxNode[]).map((owner) => ({
      names: patternNames(owner["id"]),
      kind,
      owner,
      scope,
    }));
  }
  if (isFunction(node)) {
    const parameters = (node["params"] as readonly SyntaxNode[]).flatMap(patternNames);
    const own = { names: parameters, kind: "parameter", owner: node, scope: node } as const;
    const scope = node.type === "FunctionDeclaration" ? block : node;
    return isNode(node["id"])
      ? [own, { names: [node["id"]], kind: "function", owner: node, scope }]
      : [own];
  }
  if (node.type === "ClassDeclaration" && isNode(node["id"])) {
    return [{ names: [node["id"]], kind: "class", owner: node, scope: block }];
  }
  if (node.type.startsWith("Import") && isNode(node["local"])) {
    return [{ names: [node["local"]], kind: "import", owner: node, scope: block }];
  }
  if (node.type === "CatchClause") {
    return [{ names: patternNames(node["param"]), kind: "catch", owner: node, scope: node }];
  }
  return [];
}

function isBlock({ type }: SyntaxNode): boolean {
  return /^(?:Program|BlockStatement|StaticBlock|SwitchStatement|For(?:In|Of)?Statement)$/.test(
    type,
  );
}

/** The identifiers that a binding pattern declares. */
export function patternNames(pattern: unknown): SyntaxNode[] {
  if (!isNode(pattern)) return [];
  switch (pattern.type) {
    case "Identifier":
      return [pattern];
    case "ObjectPattern":
      return (pattern["properties"] as readonly SyntaxNode[]).flatMap((property) =>
        patternNames(property.type === "RestElement" ? property : property["value"]),
      );
    case "ArrayPattern":
      return (pattern["elements"] as readonly unknown[]).flatMap(patternNames);
    case "AssignmentPattern":
      return patternNames(pattern["left"]);
    case "RestElement":
      return patternNames(pattern["argument"]);
    case "TSParameterProperty":
      return patternNames(pattern["parameter"]);
    default:
      return [];
  }
}

export function isWithin(inner: SyntaxNode, outer: SyntaxNode): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** `b` in `a.b`, `{ b: 1 }`, a label, a name in an import or export list: no use of a variable. */
function isPropertyName(
  identifier: SyntaxNode,
  parents: ReadonlyMap<SyntaxNode, SyntaxNode>,
): boolean {
  const parent = parents.get(identifier);
  if (parent === undefined || parent["computed"] === true) return false;
  if (/^(?:Optional)?MemberExpression$/.test(parent.type)) return parent["property"] === identifier;
  if (/Property$|Method$|Signature$/.test(parent.type)) return parent["key"] === identifier;
  if (parent.type === "ImportSpecifier") return parent["imported"] === identifier;
  if (parent.type === "ExportSpecifier") return parent["exported"] === identifier;
  return /^(?:Labeled|Break|Continue)Statement$/.test(parent.type);
}

/** Climbs out of the pattern that the identifier stands in, to what assigns to it. */
function isWritten(identifier: SyntaxNode, parents: ReadonlyMap<SyntaxNode, SyntaxNode>): boolean {
  let node = identifier;
  for (let parent = parents.get(node); parent !== undefined; parent = parents.get(node)) {
    if (parent.type === "UpdateExpression") return true;
    if (parent.type === "AssignmentExpression") return parent["left"] === node;
    if (/^For(?:In|Of)Statement$/.test(parent.type)) return parent["left"] === node;
    const inPattern =
      /Pattern$|^RestElement$/.test(parent.type) ||
      (parent.type.endsWith("Property") && parent["value"] === node);
    if (!inPattern) return false;
    node = parent;
  }
  return false;
}
