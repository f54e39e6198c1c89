// Patterns, so that a state can be told without its colour: diagonal hatching for waits, dots for blocking calls.

import type { Brush } from "./picture.ts";

const cache = new Map<string, CanvasPattern>();

export function hatched(brush: Brush, colour: string, line: string): CanvasPattern | string {
  return cached(brush, `hatch ${colour} ${line}`, 8, (pattern) => {
    pattern.fillStyle = colour;
    pattern.fillRect(0, 0, 8, 8);
    pattern.strokeStyle = line;
    pattern.lineWidth = 1.6;
    pattern.beginPath();
    for (const shift of [-8, 0, 8]) {
      pattern.moveTo(shift, 8);
      pattern.lineTo(shift + 8, 0);
    }
    pattern.stroke();
  });
}

export function dotted(brush: Brush, colour: string, dot: string): CanvasPattern | string {
  return cached(brush, `dots ${colour} ${dot}`, 6, (pattern) => {
    pattern.fillStyle = colour;
    pattern.fillRect(0, 0, 6, 6);
    pattern.fillStyle = dot;
    pattern.fillRect(1, 1, 2, 2);
    pattern.fillRect(4, 4, 2, 2);
  });
}

function cached(
  brush: Brush,
  key: string,
  size: number,
  draw: (pattern: Brush) => void,
): CanvasPattern | string {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const canvas = new OffscreenCanvas(size, size);
  const pattern = canvas.getContext("2d");
  if (pattern === null) return "transparent";
  draw(pattern);
  const made = brush.createPattern(canvas, "repeat");
  if (made === null) return "transparent";
  cache.set(key, made);
  return made;
}
