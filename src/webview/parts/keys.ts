// The overlay of keys. The element that has the focus gets it back when the overlay closes.

import { html, type TemplateResult } from "lit";
import type { Actions } from "../model.ts";

const keys = [
  [["←", "→"], "move the window"],
  [["+", "−"], "zoom"],
  [["wheel", "pinch"], "zoom at the pointer"],
  [["drag"], "move the window"],
  [["Shift drag"], "select a range"],
  [["↑", "↓"], "select on the lane above, below"],
  [["[", "]"], "previous, next slice of the same kind"],
  [["Home"], "start of the run"],
  [["End"], "its newest edge; a live run is followed from there"],
  [["F", "double click"], "the whole run"],
  [["/"], "filter lanes, handlers and locks"],
  [["Esc"], "clear the selection"],
  [["?"], "this list"],
] as const;

export function keysTemplate(actions: Actions): TemplateResult {
  return html`<div class="keys" role="presentation" @click=${() => actions.showKeys(false)}>
    <div role="dialog" aria-modal="true" aria-labelledby="keys-title" tabindex="-1">
      <h2 id="keys-title">Keys of the timeline</h2>
      <dl>
        ${keys.map(
          ([names, meaning]) =>
            html`<dt>${names.map((name) => html`<kbd>${name}</kbd> `)}</dt>
              <dd>${meaning}</dd>`,
        )}
      </dl>
      <button class="secondary" @click=${() => actions.showKeys(false)}>Close</button>
    </div>
  </div>`;
}
