// Text of strangers (names in a trace, messages of errors, lines of a program) as a person may safely look at it. Every face
// that shows text calls this: a terminal obeys control characters, and direction characters make a line read as another one.

/**
 * Controls (ESC, CR, C1), format characters (direction, zero width, tags), line and paragraph separators, lone surrogates.
 * U+200C and U+200D stay: Persian and joined emoji are misspelt without them, and they move nothing.
 */
const unseen = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A colour or weight (SGR): the one control sequence that changes nothing but how the text after it looks. */
const style = String.raw`\u001B\[[\d;:]*m`;
const unseenButStyle = new RegExp(`${style}|${unseen.source}`, "gu");

/** One line: what can't be seen, line ends too, stands as an escape of JavaScript's. */
export function visible(text: string): string {
  return text.replace(unseen, escaped);
}

/**
 * As `visible`, and line ends and tabs stay: for what is shown as the lines that it has. JSON stays the same value by it, as
 * JSON has the same escapes, and control characters stand in none.
 */
export function visibleLines(text: string): string {
  return text.replace(unseen, escapedInLines);
}

/** As `visibleLines`, for a terminal that takes colours: these stay. */
export function visibleStyledLines(text: string): string {
  return text.replace(unseenButStyle, (found) =>
    found.startsWith("\u001B[") ? found : escapedInLines(found),
  );
}

/**
 * A copy of plain data with every text made visible, those under `kept` keys excepted: they are for a program (paths,
 * identities), which would not find again what they name.
 */
export function visibleTexts<T>(
  value: T,
  kept: ReadonlySet<string> = new Set(),
  how: (text: string) => string = visible,
): T {
  const copyOf = (each: unknown): unknown => {
    if (typeof each === "string") return how(each);
    if (typeof each !== "object" || each === null || ArrayBuffer.isView(each)) return each;
    if (Array.isArray(each)) return each.map(copyOf);
    return Object.fromEntries(
      Object.entries(each).map(([key, inner]) => [key, kept.has(key) ? inner : copyOf(inner)]),
    );
  };
  return copyOf(value) as T;
}

function escapedInLines(found: string): string {
  return found === "\n" || found === "\t" ? found : escaped(found);
}

function escaped(found: string): string {
  if (found === "\n") return String.raw`\n`;
  if (found === "\r") return String.raw`\r`;
  if (found === "\t") return String.raw`\t`;
  return hexadecimal(found);
}

/** Of each UTF-16 unit, as JavaScript and JSON write it. */
function hexadecimal(found: string): string {
  return Array.from(
    { length: found.length },
    (_, index) => `\\u${found.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
}
