// What of the language and of Node computes a value from its operands and does nothing else.

import { isNode, nameOf, type SyntaxNode } from "../syntax.ts";
import type { NodeFunction } from "./node-function.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Plain functions. */
const functions = words(
  "Number String Boolean BigInt parseInt parseFloat isNaN isFinite structuredClone encodeURIComponent decodeURIComponent",
);

/** `Object.keys` and so on. */
const members: Readonly<Record<string, ReadonlySet<string>>> = {
  JSON: words("parse stringify"),
  Object: words("keys values entries fromEntries"),
  Array: words("from isArray of"),
  Number: words("isInteger isSafeInteger isFinite isNaN parseInt parseFloat"),
  String: words("fromCharCode fromCodePoint raw"),
  Buffer: words("from byteLength concat"),
  Date: words("UTC parse"),
};
const impureMath = words("random");

const constructors = words(
  "Array Map Set Error RangeError TypeError Uint8Array Int32Array Uint32Array Float64Array RegExp",
);

/** Of arrays, strings, numbers, maps, sets, Buffers and hashes: they leave their object as it is. */
const reading = words(
  "at charAt charCodeAt codePointAt concat endsWith entries every filter find findIndex findLast flat flatMap get has " +
    "includes indexOf join keys lastIndexOf localeCompare map match matchAll normalize padEnd padStart reduce " +
    "reduceRight repeat replace replaceAll search slice some split startsWith subarray substring toFixed toISOString " +
    "toLowerCase toReversed toSorted toSpliced toString toUpperCase trim trimEnd trimStart values with digest",
);

/** They change their object, and nothing else. */
const changing = words(
  "push pop shift unshift splice sort reverse fill set add delete clear update",
);

const nodeFunctions: Readonly<Record<string, ReadonlySet<string>>> = {
  crypto: words("createHash createHmac pbkdf2Sync scryptSync hkdfSync timingSafeEqual"),
  zlib: words(
    "gzipSync gunzipSync deflateSync inflateSync deflateRawSync inflateRawSync brotliCompressSync",
  ),
};

/** `callee` is a global: nothing in the file has that name. */
export function isPureGlobal(callee: SyntaxNode): boolean {
  if (callee.type === "Identifier") return functions.has(nameOf(callee) ?? "");
  const { object, property } = callee;
  if (!isNode(object) || !isNode(property) || callee["computed"] === true) return false;
  const method = nameOf(property) ?? "";
  const on = nameOf(object) ?? "";
  return on === "Math" ? !impureMath.has(method) : members[on]?.has(method) === true;
}

/** Only arithmetic, which gives a value whatever it is given. */
export function neverThrows(callee: SyntaxNode): boolean {
  return nameOf(callee["object"]) === "Math";
}

export function isPureConstructor(callee: unknown): boolean {
  return isNode(callee) && callee.type === "Identifier" && constructors.has(nameOf(callee) ?? "");
}

export function isReadingMethod(name: string | undefined): boolean {
  return name !== undefined && reading.has(name);
}

export function isChangingMethod(name: string | undefined): boolean {
  return name !== undefined && changing.has(name);
}

export function isPureNodeFunction({ module, name }: NodeFunction): boolean {
  return nodeFunctions[module]?.has(name) === true;
}
