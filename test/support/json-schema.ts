// As much of JSON Schema as our own schemas use. Anything else in a schema is an error: it would not be looked at.

interface Schema {
  readonly [keyword: string]: unknown;
}

const looked = new Set([
  ...["$ref", "type", "const", "enum", "properties", "required", "additionalProperties", "items"],
  ...["minimum", "maximum", "description", "title", "$schema", "definitions", "default"],
]);

/** What is wrong, each with its path; empty when the value is as the schema says. */
export function violations(root: Schema, value: unknown): string[] {
  return check(root, root, value, "$");
}

function check(root: Schema, schema: Schema, value: unknown, path: string): string[] {
  const unknown = Object.keys(schema).filter((keyword) => !looked.has(keyword));
  if (unknown.length > 0) return [`${path}: the schema uses ${unknown.join(", ")}`];
  const { $ref } = schema;
  if (typeof $ref === "string") {
    const name = $ref.replace("#/definitions/", "");
    const definitions = root["definitions"] as Readonly<Record<string, Schema>>;
    const found = definitions[name];
    return found === undefined ? [`${path}: no ${$ref}`] : check(root, found, value, path);
  }
  const options = schema["const"] === undefined ? schema["enum"] : [schema["const"]];
  if (Array.isArray(options)) return options.includes(value) ? [] : [`${path}: ${String(value)}`];
  switch (schema["type"]) {
    case "object":
      return checkObject(root, schema, value, path);
    case "array":
      return Array.isArray(value)
        ? value.flatMap((each, index) =>
            check(root, schema["items"] as Schema, each, `${path}[${index}]`),
          )
        : [`${path}: no array`];
    case "integer":
      return Number.isInteger(value) ? [] : [`${path}: ${String(value)} is no integer`];
    case "number":
      return checkNumber(schema, value, path);
    case "string":
      return typeof value === "string" ? [] : [`${path}: no string`];
    default:
      return [`${path}: the schema has no type`];
  }
}

function checkNumber(schema: Schema, value: unknown, path: string): string[] {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  const fits =
    typeof value === "number" &&
    Number.isFinite(value) &&
    value >= Number(minimum) &&
    value <= Number(maximum);
  return fits ? [] : [`${path}: ${String(value)} is out of range`];
}

function checkObject(root: Schema, schema: Schema, value: unknown, path: string): string[] {
  if (typeof value !== "object" || value === null) return [`${path}: no object`];
  const properties = schema["properties"] as Readonly<Record<string, Schema>>;
  const required = schema["required"] as readonly string[];
  const missing = required.filter((name) => !(name in value)).map((name) => `${path}: no ${name}`);
  return missing.concat(
    Object.entries(value).flatMap(([name, each]) => {
      const own = properties[name];
      return own === undefined
        ? [`${path}: ${name} is not in the schema`]
        : check(root, own, each, `${path}.${name}`);
    }),
  );
}
