// Looks at the pixels of the timeline as they are on the screen.

import type { Editor } from "./editor.ts";

/** Of the timeline's rectangle: how many pixels are red as waits are, in the dark theme. */
export async function waitPixels(
  editor: Editor,
  part: { readonly top: number; readonly height: number },
): Promise<number> {
  const canvas = editor.panel.locator(".timeline canvas");
  const box = await canvas.boundingBox();
  if (box === null) throw new Error("the timeline is not on the screen");
  const left = 80;
  const clip = {
    x: box.x + left,
    y: box.y + part.top,
    width: box.width - left - 14,
    height: part.height,
  };
  const png = await editor.page.screenshot({ clip });
  return editor.page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.codePointAt(0) ?? 0);
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    const brush = canvas.getContext("2d");
    brush?.drawImage(bitmap, 0, 0);
    const data = brush?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [];
    let red = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [r = 0, g = 0, b = 0] = [data[at], data[at + 1], data[at + 2]];
      if (r > 180 && g < 110 && b < 110) red++;
    }
    return red;
  }, png.toString("base64"));
}

/** Where each thread's state row stands, as the page says. */
export async function stateRows(
  editor: Editor,
): Promise<readonly { readonly top: number; readonly height: number }[]> {
  const tops = await editor.panel.locator(".timeline").getAttribute("data-lanes");
  return (tops ?? "").split(" ").map((top) => ({ top: Number(top), height: 22 }));
}
