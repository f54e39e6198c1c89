// Terminal colours, or none: the report's text is the same either way.

export interface Palette {
  strong(text: string): string;
  quiet(text: string): string;
  alarm(text: string): string;
}

const escape = "\u001B[";

export function palette(colour: boolean): Palette {
  const paint = (code: number) => (text: string) =>
    colour ? `${escape}${code}m${text}${escape}0m` : text;
  return { strong: paint(1), quiet: paint(2), alarm: paint(31) };
}
