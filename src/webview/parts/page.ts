// The whole page from the model. The timeline is an element of its own that is only put into place.

import { html, nothing, type TemplateResult } from "lit";
import type { PanelState } from "../../protocol/panel-state.ts";
import type { Actions, Model } from "../model.ts";
import { comparisonTemplate } from "./comparison.ts";
import { detailsTemplate } from "./details.ts";
import { eventlessTemplate, goneTemplate, readingTemplate, unreadableTemplate } from "./empty.ts";
import { headerTemplate } from "./header.ts";
import { headlineTemplate } from "./headline.ts";
import { hoverTemplate } from "./hover.ts";
import { keysTemplate } from "./keys.ts";
import { lanesTable } from "./lanes-table.ts";
import { legendTemplate } from "./legend.ts";
import { tabsTemplate } from "./tabs.ts";

export function pageTemplate(model: Model, actions: Actions, timeline: Element): TemplateResult {
  const { panel, gone } = model;
  if (gone !== undefined) return goneTemplate(gone);
  if (panel === undefined) return readingTemplate();
  if (panel.status === "unreadable") return unreadableTemplate(panel, actions);
  return html`<main class=${panel.status}>
      ${headerTemplate(panel, actions)} ${topTemplates(model, panel, actions)}
      ${
        panel.timeline.lanes.length === 0
          ? eventlessTemplate(panel, actions)
          : bodyTemplate(model, panel, actions, timeline)
      }
    </main>
    ${hoverTemplate(model)} ${model.showsKeys ? keysTemplate(actions) : nothing}`;
}

/** A verdict is what the person has waited for: it comes first. Before there is one, the worst finding does. */
function topTemplates(model: Model, panel: PanelState, actions: Actions): TemplateResult {
  const headline = headlineTemplate(panel, actions);
  const comparison = comparisonTemplate(model.comparison, panel, actions);
  return model.comparison.kind === "compared"
    ? html`${comparison} ${headline}`
    : html`${headline} ${comparison}`;
}

function bodyTemplate(
  model: Model,
  panel: PanelState,
  actions: Actions,
  timeline: Element,
): TemplateResult {
  return html`<div class="middle">
    <div class="charts">
      ${timeline}
      <div class="under">
        ${legendTemplate(panel.timeline)}
        ${
          panel.status === "running" && !model.following
            ? html`<button class="primary follow" @click=${() => actions.follow()}>
                Follow the Run
              </button>`
            : nothing
        }
      </div>
      ${lanesTable(model)} ${tabsTemplate(model, panel, actions)}
    </div>
    ${detailsTemplate(model, panel, actions)}
  </div>`;
}
