// The latency tab: each event type's distribution from submit to outcome, and where events have several priorities, the queue by
// priority.

import { html, nothing, type TemplateResult } from "lit";
import type { LatencyRow, PanelState, QueueTable } from "../../protocol/panel-state.ts";
import { stands, type Actions, type Model } from "../model.ts";
import { histogramTemplate, stackTemplate } from "./bars.ts";
import { rowTemplate } from "./row.ts";

export function latencyTemplate(model: Model, panel: PanelState, actions: Actions): TemplateResult {
  if (panel.latency.length === 0) return html`<p class="empty">No event has settled yet.</p>`;
  const rows = panel.latency.filter(({ handler }) => stands(model, handler));
  return html`<table>
      <thead>
        <tr>
          <th>Event</th>
          <th class="number">Count</th>
          <th>From submit to outcome</th>
          <th class="number">p50</th>
          <th class="number">p90</th>
          <th class="number">p99</th>
          <th class="number">p99.9</th>
          <th class="number">Max</th>
          <th>Where the median goes</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => latencyRowTemplate(row, model, actions))}
      </tbody>
    </table>
    ${queueTemplate(panel.queue)}`;
}

function queueTemplate({ head, rows }: QueueTable): TemplateResult | typeof nothing {
  if (rows.length === 0) return nothing;
  return html`<h3>The queue, by priority</h3>
    <table class="queue">
      <thead>
        <tr>
          ${head.map((title) => html`<th class="number">${title}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map((text, at) => html`<td class="number" data-label=${head[at]}>${text}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function latencyRowTemplate(row: LatencyRow, model: Model, actions: Actions): TemplateResult {
  return rowTemplate(
    { kind: "handler", name: row.handler },
    model,
    actions,
    html`<td class="name"><button class="plain" title=${row.outcomes}>${row.handler}</button></td>
      <td class="number" data-label="events">${row.events.toLocaleString("en-US")}</td>
      <td>${histogramTemplate(row.histogram, row.marks, "small")}</td>
      <td class="number" data-label="p50">${row.p50}</td>
      <td class="number" data-label="p90">${row.p90}</td>
      <td class="number" data-label="p99">${row.p99}</td>
      <td class="number" data-label="p99.9">${row.p999}</td>
      <td class="number" data-label="max">${row.max}</td>
      <td>${stackTemplate(row.parts)}</td>`,
  );
}
