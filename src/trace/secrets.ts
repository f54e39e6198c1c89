// What a trace never holds: values of the environment, arguments' values, credentials. Applied where a trace is written and
// where it is read, so that earlier traces show none either. What is left says that something stood there, and its name.
//
// Sources are kept as they are: without them no line is right. A secret that is written into a source is in the trace.

import type { TraceHeader } from "./header.ts";
import type { TableName } from "./tables.ts";

/** In place of what is left out. */
const leftOut = "…";

/** Runs of names are bounded in these patterns, so that no text takes longer than its length asks for. */
const secretName =
  "[\\w-]{0,40}(?:api[-_]?key|access[-_]?key|private[-_]?key|token|secret|passw(?:or)?d|passphrase|credentials?|cookie)[\\w-]{0,40}";

const patterns: readonly RegExp[] = [
  // postgres://user:password@host
  /(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/?#"'<>]{1,1000}(?=@)/gi,
  // ?access_token=..., &X-Amz-Signature=...
  /([?&;][\w.-]{0,40}(?:key|token|secret|passw(?:or)?d|pwd|auth|sig|signature|credential|session|code)[\w.-]{0,40}=)[^&#\s"'<>]+/gi,
  // Authorization: Basic ..., "authorization": "Bearer ..."
  /(\bauthorization["']?\s{0,4}[:=]\s{0,4}["']?(?:[a-z]{1,20} )?)[^\s"',;]+/gi,
  /(\bbearer )(?=[\w.~+/-]{0,200}\d)[\w.~+/-]{8,}=*/gi,
  // --password=..., API_KEY: "..."
  new RegExp(`(\\b${secretName}["']?\\s{0,4}[:=]\\s{0,4}["']?)[^\\s"',;}&]{4,}`, "gi"),
  // What issuers have made recognisable: GitHub, npm, Slack, OpenAI and Stripe, AWS, GitLab, Google, JSON web tokens.
  /()\b(?:gh[opsur]_\w{20,}|github_pat_\w{20,}|npm_\w{30,}|xox[abprs]-[\w-]{10,}|[rs]k[-_](?:live|test|proj)?[-_]?[A-Za-z0-9]{16,}|A[KS]IA[A-Z0-9]{16}|glpat-[\w-]{16,}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*)/g,
];

/** What each of the patterns has somewhere. Most texts have none of it, and cost one look: a table may have 262,144 of them. */
const sign = /[:=_]|bearer |xox|[rs]k-|A[KS]IA|glpat|AIza|eyJ/i;

/** The text without credentials in addresses, headers and tokens. */
export function withoutCredentials(text: string): string {
  if (!sign.test(text)) return text;
  return patterns.reduce((rest, pattern) => rest.replace(pattern, `$1${leftOut}`), text);
}

/** Plain data with every text in it so; keys stay. What holds no credential is returned as it is, not copied. */
export function withoutCredentialsIn<T>(value: T): T {
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return withoutCredentials(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    const items = value.map(clean);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  const fields = Object.entries(value);
  const cleaned = fields.map(([key, each]) => [key, clean(each)] as const);
  const isClean = cleaned.every(([, each], index) => each === fields[index]?.[1]);
  return isClean ? value : Object.fromEntries(cleaned);
}

/** The header as a trace may hold it. */
export function headerWithoutSecrets(header: TraceHeader): TraceHeader {
  const { configuration } = header;
  return {
    ...withoutCredentialsIn({ ...header, configuration: {} }),
    configuration: keptConfiguration(configuration),
  };
}

/** Rows of a table as a trace may hold them. */
export function rowsWithoutSecrets<Row>(table: TableName, rows: readonly Row[]): readonly Row[] {
  return table === "sources" ? rows : withoutCredentialsIn(rows);
}

/** A run's configuration as a trace may hold it: of the environment the names, of arguments the names and plain numbers. */
export function keptConfiguration(
  configuration: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { env, execArgv } = configuration;
  return {
    ...withoutCredentialsIn(configuration),
    ...(env === undefined ? {} : { env: namesOf(env) }),
    ...(execArgv === undefined ? {} : { execArgv: keptArguments(execArgv) }),
  };
}

/** Of the environment as a run is given it, or as a trace has kept it. */
function namesOf(env: unknown): readonly string[] {
  if (Array.isArray(env)) return env.filter((each) => typeof each === "string");
  return typeof env === "object" && env !== null ? Object.keys(env) : [];
}

function keptArguments(given: unknown): readonly string[] {
  if (!Array.isArray(given)) return [];
  return given.map((each) => keptArgument(String(each)));
}

/** "--max-old-space-size=512" stays; "--import=./a.js" becomes "--import=…"; a value that stands alone becomes "…". */
function keptArgument(argument: string): string {
  const [, name, value] = /^(--?[\w-]+)(?:=(.*))?$/s.exec(argument) ?? [];
  if (name === undefined) return leftOut;
  if (value === undefined) return name;
  return /^\d+$/.test(value) ? argument : `${name}=${leftOut}`;
}
