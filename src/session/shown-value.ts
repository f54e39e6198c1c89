// A value that a person wrote, as a message shows it: short, and whatever it is.

const most = 60;

export function shown(value: unknown): string {
  const text = asText(value);
  return text.length > most ? `${text.slice(0, most)}...` : text;
}

function asText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // Nested deeper than the stack: what it is can't be shown, where it stands is.
    return Array.isArray(value) ? "[...]" : "{...}";
  }
}
