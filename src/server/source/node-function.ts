// Which function of Node's own modules a call means, however the file came by it: by name, through the module's object, by
// import or by require.

import { isNode, nameOf, type SyntaxNode } from "../syntax.ts";
import type { Binding, Scopes } from "./scopes.ts";

export interface NodeFunction {
  /** Without "node:". */
  readonly module: string;
  readonly name: string;
  /** The expression that stands for the module, as in `fs.readFileSync`; undefined when it is called by its own name. */
  readonly object: SyntaxNode | undefined;
  /** The import or require that it comes by. */
  readonly binding: Binding;
}

export function nodeFunctionOf(call: SyntaxNode, scopes: Scopes): NodeFunction | undefined {
  const callee = call["callee"];
  if (!isNode(callee)) return undefined;
  if (callee.type === "Identifier") {
    const binding = scopes.bindingOf(callee);
    const module = binding === undefined ? undefined : moduleOf(binding, scopes);
    const name = binding === undefined ? undefined : importedName(binding);
    if (binding === undefined || module === undefined || name === undefined) return undefined;
    return { module, name, object: undefined, binding };
  }
  const object = callee["object"];
  const name = nameOf(callee["property"]);
  if (callee.type !== "MemberExpression" || callee["computed"] === true) return undefined;
  if (!isNode(object) || object.type !== "Identifier" || name === undefined) return undefined;
  const binding = scopes.bindingOf(object);
  const module = binding === undefined ? undefined : moduleOf(binding, scopes);
  const isWhole = binding !== undefined && importedName(binding) === undefined;
  return module !== undefined && isWhole ? { module, name, object, binding } : undefined;
}

/** The module's name, whether the binding stands for all of it or for one name of it. */
function moduleOf({ kind, owner }: Binding, scopes: Scopes): string | undefined {
  if (kind === "import") {
    const source = scopes.parentOf(owner)?.["source"];
    return withoutScheme(nameOf(source));
  }
  return owner.type === "VariableDeclarator" ? requiredModule(owner["init"]) : undefined;
}

function requiredModule(value: unknown): string | undefined {
  if (!isNode(value) || value.type !== "CallExpression") return undefined;
  if (nameOf(value["callee"]) !== "require") return undefined;
  const [module] = value["arguments"] as readonly SyntaxNode[];
  return withoutScheme(nameOf(module));
}

function withoutScheme(module: string | undefined): string | undefined {
  return module?.replace(/^node:/, "");
}

/** `readFileSync` in `import { readFileSync as read }`; undefined for the module's object. */
function importedName({ owner, identifier }: Binding): string | undefined {
  if (owner.type === "ImportSpecifier") return nameOf(owner["imported"]);
  const pattern = owner["id"];
  if (!isNode(pattern) || pattern.type !== "ObjectPattern") return undefined;
  const property = (pattern["properties"] as readonly SyntaxNode[]).find(
    (each) => each["value"] === identifier,
  );
  return nameOf(property?.["key"]);
}
