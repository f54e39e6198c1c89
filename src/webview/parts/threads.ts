// The threads tab: blocked against busy, and where the rest of each thread's time went.

import { html, type TemplateResult } from "lit";
import type { PanelState, ThreadRow } from "../../protocol/panel-state.ts";
import { stands, type Actions, type Model } from "../model.ts";
import { stackTemplate } from "./bars.ts";
import { rowTemplate } from "./row.ts";

export function threadsTemplate(model: Model, panel: PanelState, actions: Actions): TemplateResult {
  const rows = panel.threads.filter(({ name }) => stands(model, name));
  return html`<table>
    <thead>
      <tr>
        <th>Thread</th>
        <th class="number">Events</th>
        <th class="number">Blocked</th>
        <th class="number">Busy</th>
        <th class="wide">Where its time went</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => threadTemplate(row, model, actions))}
    </tbody>
  </table>`;
}

function threadTemplate(row: ThreadRow, model: Model, actions: Actions): TemplateResult {
  return rowTemplate(
    { kind: "thread", name: row.name },
    model,
    actions,
    html`<td class="name"><button class="plain">${row.name}</button></td>
      <td class="number" data-label="events">${row.events.toLocaleString("en-US")}</td>
      <td class="number" data-label="blocked">${row.blocked}</td>
      <td class="number" data-label="busy">${row.busy}</td>
      <td class="wide">${stackTemplate(row.parts)}</td>`,
  );
}
