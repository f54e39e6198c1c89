// Details of a row that was selected in a table.

import { html, nothing, type TemplateResult } from "lit";
import type {
  FindingRow,
  HotspotRow,
  LatencyRow,
  PanelState,
  SiteCost,
  ThreadRow,
} from "../../protocol/panel-state.ts";
import type { Actions, SelectedRow } from "../model.ts";
import { barTemplate, histogramTemplate, partsTemplate, stackTemplate } from "./bars.ts";
import { evidenceTemplate, gainTemplate } from "./findings.ts";
import { findingButtons, findingLinks } from "./finding.ts";
import { siteTemplate } from "./site.ts";
import { linked, strongly } from "./words.ts";

/** Undefined when the newest state has no such row any more. */
export function rowDetails(
  { kind, name }: SelectedRow,
  panel: PanelState,
  actions: Actions,
): TemplateResult | undefined {
  switch (kind) {
    case "lock":
      return mapped(
        panel.hotspots.find(({ lock }) => lock === name),
        (row) => lockTemplate(row, actions),
      );
    case "handler":
      return mapped(
        panel.latency.find(({ handler }) => handler === name),
        handlerTemplate,
      );
    case "thread":
      return mapped(
        panel.threads.find((row) => row.name === name),
        threadTemplate,
      );
    case "finding":
      return mapped(
        panel.findings.find(({ identity }) => identity === name),
        (row) => findingTemplate(row, panel, actions),
      );
  }
}

function mapped<T>(
  row: T | undefined,
  template: (row: T) => TemplateResult,
): TemplateResult | undefined {
  return row === undefined ? undefined : template(row);
}

function lockTemplate(row: HotspotRow, actions: Actions): TemplateResult {
  return html`<h2>${strongly(row.sentence)}</h2>
    ${costsTemplate("Held at", "caused", row.heldAt, actions)}
    ${costsTemplate("Waits at", "waited", row.waitsAt, actions)}
    ${
      row.chain.length === 0
        ? nothing
        : html`<h3>Behind it</h3>
            <p>While it is held, its holder waits for ${row.chain.join(", ")}.</p>`
    }
    <div class="buttons">
      <button class="secondary" @click=${() => actions.zoomTo(row.worst.start, row.worst.end)}>
        Show Its Worst Wait
      </button>
    </div>`;
}

function costsTemplate(
  title: string,
  verb: string,
  costs: readonly SiteCost[],
  actions: Actions,
): TemplateResult {
  return html`<h3>${title}</h3>
    <ul class="costs">
      ${costs.map(
        ({ site, waits, total, worst, share }) =>
          html`<li>
            <p>
              ${siteTemplate(site, actions)}
              ${site === undefined || site.function === "" ? nothing : html`<span class="quiet">${site.function}</span>`}
            </p>
            <p class="quiet">
              ${barTemplate(share, "lockWait")} ${verb} ${total} in ${waits.toLocaleString("en-US")}
              ${waits === 1 ? "wait" : "waits"}, at worst ${worst}
            </p>
          </li>`,
      )}
    </ul>`;
}

function handlerTemplate(row: LatencyRow): TemplateResult {
  const figures = [
    ["p50", row.p50],
    ["p90", row.p90],
    ["p99", row.p99],
    ["p99.9", row.p999],
    ["max", row.max],
  ] as const;
  return html`<h2>
      Half of ${row.handler} is done in ${row.p50}, one in a hundred takes ${row.p99} or more
    </h2>
    <p class="quiet">${row.outcomes}</p>
    ${histogramTemplate(row.histogram, row.marks, "large")}
    <dl class="rows">
      ${figures.map(
        ([label, value]) =>
          html`<dt>${label}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    <h3>Medians of its parts</h3>
    ${stackTemplate(row.parts)} ${partsTemplate(row.parts)}`;
}

function threadTemplate(row: ThreadRow): TemplateResult {
  return html`<h2>
      ${row.name.slice(0, 1).toUpperCase()}${row.name.slice(1)} was busy ${row.busy} of the time,
      and blocked ${row.blocked}
    </h2>
    ${stackTemplate(row.parts)} ${partsTemplate(row.parts.filter(({ share }) => share >= 0.0005))}`;
}

function findingTemplate(row: FindingRow, panel: PanelState, actions: Actions): TemplateResult {
  return html`<h2>${linked(row.sentence, row.site, actions)}</h2>
    ${gainTemplate(row)} ${row.advice === "" ? nothing : html`<p class="advice">${row.advice}</p>`}
    ${
      row.site === undefined
        ? nothing
        : html`<h3>Cause</h3>
            <p>
              ${siteTemplate(row.site, actions)} <span class="quiet">${row.site.function}</span>
            </p>`
    }
    ${
      row.related.length === 0
        ? nothing
        : html`<h3>Evidence</h3>
            <ul class="costs">
              ${row.related.map(
                ({ sentence, site }) =>
                  html`<li>
                    <p>${siteTemplate(site, actions)} <span class="quiet">${sentence}</span></p>
                  </li>`,
              )}
            </ul>`
    }
    ${row.threads.length === 0 ? nothing : html`<p class="quiet">On ${row.threads.join(", ")}.</p>`}
    ${evidenceTemplate(row, actions)}
    <div class="buttons">
      ${findingButtons(row, panel, actions)} ${findingLinks(row, actions)}
    </div>`;
}
