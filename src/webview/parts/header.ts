// The first line: what ran and how it went.

import { html, type TemplateResult } from "lit";
import type { PanelState } from "../../protocol/panel-state.ts";
import type { Actions } from "../model.ts";

export function headerTemplate(panel: PanelState, actions: Actions): TemplateResult {
  return html`<header>
    <div class="title">
      <h1>${panel.title}</h1>
      <span class="quiet" title=${panel.factsTitle}>${panel.facts.join(" · ")}</span>
    </div>
    <dl class="figures">
      ${panel.figures.map(
        ({ label, value, tone, labelStands }) =>
          html`<div class="${tone} ${labelStands}">
            <dt>${label}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    <div class="buttons">
      ${
        panel.status === "running"
          ? html`<button class="secondary" @click=${() => actions.stop()}>Stop</button>`
          : html`<button class="secondary" @click=${() => actions.profileAgain()}>
              Profile Again
            </button>`
      }
    </div>
  </header>`;
}
