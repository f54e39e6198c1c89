// The hotspots tab: locks that were waited for, the costliest first. A name fills the details, a site opens its line.

import { html, nothing, type TemplateResult } from "lit";
import type { HotspotRow, PanelState } from "../../protocol/panel-state.ts";
import { stands, type Actions, type Model } from "../model.ts";
import { barTemplate } from "./bars.ts";
import { rowTemplate } from "./row.ts";
import { sitesTemplate } from "./site.ts";

export function hotspotsTemplate(
  model: Model,
  panel: PanelState,
  actions: Actions,
): TemplateResult {
  if (panel.hotspots.length === 0) {
    const sentence =
      panel.status === "running"
        ? "No thread has waited for a lock yet."
        : "No thread waited for a lock.";
    return html`<p class="empty">${sentence}</p>`;
  }
  const rows = panel.hotspots.filter(({ lock, heldAt, waitsAt }) =>
    stands(model, lock, ...[...heldAt, ...waitsAt].map(({ site }) => site?.text ?? "")),
  );
  return html`<table>
    <thead>
      <tr>
        <th>Lock</th>
        <th class="number">Waits</th>
        <th class="number">Total wait</th>
        <th class="number">Worst</th>
        <th>Share of thread time</th>
        <th>Held at</th>
        <th>Waits at</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => hotspotTemplate(row, model, actions))}
    </tbody>
  </table>`;
}

function hotspotTemplate(row: HotspotRow, model: Model, actions: Actions): TemplateResult {
  const behind = row.chain.join(", ");
  return rowTemplate(
    { kind: "lock", name: row.lock },
    model,
    actions,
    html`<td class="name">
        <button class="plain" @click=${() => actions.zoomTo(row.worst.start, row.worst.end)}>
          ${row.lock}
        </button>
        ${
          behind === ""
            ? nothing
            : html`<span class="quiet" title="While it is held, its holder waits for ${behind}">
                → ${behind}
              </span>`
        }
      </td>
      <td class="number" data-label="waits">${row.waits.toLocaleString("en-US")}</td>
      <td class="number" data-label="total">${row.totalWait}</td>
      <td class="number" data-label="worst">${row.worstWait}</td>
      <td class="measured">${barTemplate(row.share, "lockWait")}<span>${row.shareText}</span></td>
      <td data-label="held at">${sitesTemplate(row.heldAt, actions)}</td>
      <td data-label="waits at">${sitesTemplate(row.waitsAt, actions)}</td>`,
  );
}
