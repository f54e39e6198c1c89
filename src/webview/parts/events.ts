// The events tab: one page of rows at a time, so that a million events cost no more than a hundred.

import { html, type TemplateResult } from "lit";
import type { EventOrder, EventRow } from "../../protocol/panel-state.ts";
import type { Actions, Model } from "../model.ts";

const pageRows = 100;

export function eventsTemplate({ events, order }: Model, actions: Actions): TemplateResult {
  if (events === undefined) return html`<p class="empty">Reading events …</p>`;
  const { from, total, rows } = events;
  const to = Math.min(total, from + rows.length);
  const page = (first: number): void => actions.showEvents(first, order);
  const orderButton = (name: EventOrder, text: string): TemplateResult =>
    html`<button
      class="secondary"
      aria-pressed=${order === name}
      @click=${() => actions.showEvents(0, name)}
    >
      ${text}
    </button>`;
  return html`<div class="paging">
      ${orderButton("slowest", "Slowest first")} ${orderButton("time", "In order")}
      <span class="quiet">
        ${total === 0 ? "no events" : `${from + 1} to ${to} of ${total.toLocaleString()}`}
      </span>
      <button
        class="secondary"
        ?disabled=${from === 0}
        @click=${() => page(Math.max(0, from - pageRows))}
      >
        Previous
      </button>
      <button class="secondary" ?disabled=${to >= total} @click=${() => page(from + pageRows)}>
        Next
      </button>
    </div>
    <table aria-rowcount=${total}>
      <thead>
        <tr>
          <th class="number">Event</th>
          <th>Handler</th>
          <th>Thread</th>
          <th class="number">Submitted</th>
          <th class="number">Queued</th>
          <th class="number">Service</th>
          <th class="number">Lock wait</th>
          <th class="number">Total</th>
          <th>Outcome</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((row, index) => rowTemplate(row, from + index, actions))}
      </tbody>
    </table>`;
}

function rowTemplate(row: EventRow, index: number, actions: Actions): TemplateResult {
  const { lane, interval } = row;
  const show = (): void => {
    actions.zoomTo(interval.start, interval.end);
    if (lane >= 0) actions.selectPlace({ lane, time: interval.start, row: "state" });
  };
  return html`<tr aria-rowindex=${index + 1}>
    <td class="number">
      <button class="link" title="Show on the timeline" @click=${show}>#${row.event}</button>
    </td>
    <td>${row.handler}</td>
    <td>${row.thread}</td>
    <td class="number" data-label="submitted">${row.submitted}</td>
    <td class="number" data-label="queued">${row.queueWait}</td>
    <td class="number" data-label="service">${row.service}</td>
    <td class="number" data-label="lock wait">${row.lockWait}</td>
    <td class="number" data-label="total">${row.total}</td>
    <td>${row.outcome}</td>
  </tr>`;
}
