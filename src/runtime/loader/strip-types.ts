// TypeScript to JavaScript in place: types become spaces, so that every line and column stays the person's. What is more
// than types (enums, namespaces, parameter properties) is refused with its line.

import { LoadError } from "./load-problem.ts";

interface StripFailure {
  readonly code: string;
  readonly message: string;
  readonly startLine: number;
  readonly startColumn: number;
}

export async function stripTypes(text: string, file: string): Promise<string> {
  // 3.8 MB: loaded only when there is TypeScript to strip.
  const { transformSync } = await import("amaro");
  try {
    return transformSync(text, { mode: "strip-only", filename: file }).code;
  } catch (error) {
    if (!isStripFailure(error)) throw error;
    const unsupported = error.code === "UnsupportedSyntax";
    throw new LoadError({
      message: unsupported ? `${error.message}.`.replace(" in strip-only mode", "") : error.message,
      file,
      line: error.startLine,
      column: error.startColumn + 1,
      ...(unsupported
        ? { advice: "Use types only, or compile the file first and profile the result." }
        : {}),
    });
  }
}

function isStripFailure(error: unknown): error is StripFailure {
  return typeof error === "object" && error !== null && "startLine" in error;
}
