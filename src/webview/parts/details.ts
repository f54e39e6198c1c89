// The details column: one sentence first, then figures, links, and what led to it. With nothing selected it tells of what
// is in view, so that it is never empty.

import { html, nothing, type TemplateResult } from "lit";
import type { RangeFigures } from "../../protocol/panel-messages.ts";
import type { Details, PanelState } from "../../protocol/panel-state.ts";
import type { Actions, Model } from "../model.ts";
import { partsTemplate, stackTemplate } from "./bars.ts";
import { rowDetails } from "./row-details.ts";
import { siteTemplate } from "./site.ts";

export function detailsTemplate(model: Model, panel: PanelState, actions: Actions): TemplateResult {
  return html`<aside class="details" aria-label="Details">
    <div aria-live="polite">${contentOf(model, panel, actions)}</div>
  </aside>`;
}

function contentOf(
  { selected, inView }: Model,
  panel: PanelState,
  actions: Actions,
): TemplateResult {
  switch (selected.kind) {
    case "nothing":
      return viewTemplate(inView);
    case "range":
      return html`<h2>Selected ${selected.figures.sentence}</h2>
        ${rowsTemplate(selected.figures.rows, actions)} ${lanesTemplate(selected.figures)}
        <div class="buttons">
          <button class="secondary" @click=${() => actions.zoomTo(selected.from, selected.to)}>
            Zoom to It
          </button>
          ${clearButton(actions)}
        </div>`;
    case "slice":
      return sliceTemplate(selected.details, actions);
    case "row":
      return rowDetails(selected.row, panel, actions) ?? viewTemplate(inView);
  }
}

function viewTemplate(inView: RangeFigures | undefined): TemplateResult {
  return html`${
      inView === undefined
        ? nothing
        : html`<h2>In view: ${inView.sentence}</h2>
            ${rowsTemplate(inView.rows, undefined)} ${lanesTemplate(inView)}`
    }
    <p class="quiet hint">
      Click a slice, a row or a finding to see what led to it. Shift and drag selects a range.
      <kbd>?</kbd> lists all keys.
    </p>`;
}

function lanesTemplate({ lanes }: RangeFigures): TemplateResult | typeof nothing {
  if (lanes.length === 0 || lanes.length > 16) return nothing;
  return html`<h3>Threads</h3>
    <dl class="lanes">
      ${lanes.map(
        ({ name, parts }) =>
          html`<dt>${name}</dt>
            <dd>${stackTemplate(parts)}</dd>`,
      )}
    </dl>`;
}

function sliceTemplate(details: Details, actions: Actions): TemplateResult {
  return html`<h2>${details.sentence}</h2>
    ${rowsTemplate(details.rows, actions)} ${whyTemplate(details, actions)}
    ${
      details.parts.length === 0
        ? nothing
        : html`<h3>This event</h3>
            ${stackTemplate(details.parts)} ${partsTemplate(details.parts)}`
    }
    <div class="buttons">
      <button
        class="secondary"
        title="The one before it on this thread"
        @click=${() => actions.neighbour("previous")}
      >
        ‹ Previous
      </button>
      <button
        class="secondary"
        title="The next one on this thread"
        @click=${() => actions.neighbour("next")}
      >
        Next ›
      </button>
      <button
        class="secondary"
        @click=${() => actions.zoomTo(details.interval.start, details.interval.end)}
      >
        Zoom to It
      </button>
      ${clearButton(actions)}
    </div>`;
}

function whyTemplate({ why }: Details, actions: Actions): TemplateResult | typeof nothing {
  if (why.length === 0) return nothing;
  return html`<h3>Why</h3>
    <ol class="why">
      ${why.map(
        ({ text, tone, site }) =>
          html`<li class=${tone}>
            ${text} ${site === undefined ? nothing : siteTemplate(site, actions)}
          </li>`,
      )}
    </ol>`;
}

export function clearButton(actions: Actions): TemplateResult {
  return html`<button class="secondary" @click=${() => actions.clearSelection()}>Clear</button>`;
}

function rowsTemplate(rows: Details["rows"], actions: Actions | undefined): TemplateResult {
  return html`<dl class="rows">
    ${rows.map(
      ({ label, value, site }) =>
        html`<dt>${label}</dt>
          <dd>
            ${site === undefined || actions === undefined ? value : siteTemplate(site, actions)}
          </dd>`,
    )}
  </dl>`;
}
