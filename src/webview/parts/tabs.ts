// The tabs under the timeline, and the filter beside them.

import { html, nothing, type TemplateResult } from "lit";
import type { PanelState } from "../../protocol/panel-state.ts";
import { tabs, type Actions, type Model, type Tab } from "../model.ts";
import { eventsTemplate } from "./events.ts";
import { findingsTemplate } from "./findings.ts";
import { hotspotsTemplate } from "./hotspots.ts";
import { latencyTemplate } from "./latency.ts";
import { modelsTemplate } from "./models.ts";
import { threadsTemplate } from "./threads.ts";

const tabNames: Readonly<Record<Tab, string>> = {
  hotspots: "Hotspots",
  latency: "Latency",
  threads: "Threads",
  findings: "Findings",
  events: "Events",
  models: "Models",
};

export function tabsTemplate(model: Model, panel: PanelState, actions: Actions): TemplateResult {
  const count = panel.findings.length + panel.failures.length + panel.problems.length;
  return html`<div class="tab-bar">
      <div
        role="tablist"
        class="tabs"
        @keydown=${(event: KeyboardEvent) => turn(event, model, actions)}
      >
        ${tabs.map(
          (tab) =>
            html`<button
              role="tab"
              id="tab-${tab}"
              aria-selected=${model.tab === tab}
              aria-controls="tab-panel"
              tabindex=${model.tab === tab ? 0 : -1}
              @click=${() => actions.showTab(tab)}
            >
              ${tabNames[tab]}${
                tab === "findings" && count > 0
                  ? html` <span class="badge">${count}</span>`
                  : nothing
              }
            </button>`,
        )}
      </div>
      <input
        type="search"
        class="filter"
        placeholder="Filter lanes, handlers, locks"
        aria-label="Filter lanes, handlers, locks"
        .value=${model.filter}
        @input=${({ target }: Event) => actions.filter((target as HTMLInputElement).value)}
      />
    </div>
    <div role="tabpanel" id="tab-panel" class="tab" aria-labelledby="tab-${model.tab}">
      ${tabTemplate(model, panel, actions)}
    </div>`;
}

function turn(event: KeyboardEvent, model: Model, actions: Actions): void {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (step === undefined) return;
  event.stopPropagation();
  const next = tabs[(tabs.indexOf(model.tab) + step + tabs.length) % tabs.length];
  if (next === undefined) return;
  actions.showTab(next);
  document.getElementById(`tab-${next}`)?.focus();
}

function tabTemplate(model: Model, panel: PanelState, actions: Actions): TemplateResult {
  switch (model.tab) {
    case "hotspots":
      return hotspotsTemplate(model, panel, actions);
    case "latency":
      return latencyTemplate(model, panel, actions);
    case "threads":
      return threadsTemplate(model, panel, actions);
    case "findings":
      return findingsTemplate(model, panel, actions);
    case "events":
      return eventsTemplate(model, actions);
    case "models":
      return modelsTemplate(model, panel, actions);
  }
}
