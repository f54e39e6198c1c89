// Instead of the panel, where there is nothing to be shown: what happened in a sentence, and what to do.

import { html, svg, type TemplateResult } from "lit";
import type { PanelState } from "../../protocol/panel-state.ts";
import type { Actions } from "../model.ts";

export function readingTemplate(): TemplateResult {
  return html`<main class="empty-page" aria-busy="true">
    ${lanesPicture("waiting")}
    <p>Reading the trace …</p>
  </main>`;
}

export function goneTemplate(message: string): TemplateResult {
  return html`<main class="empty-page" role="alert">
    ${lanesPicture("broken")}
    <p>${message}</p>
  </main>`;
}

export function unreadableTemplate(panel: PanelState, actions: Actions): TemplateResult {
  return html`<main class="empty-page" role="alert">
    ${lanesPicture("broken")}
    <h1>${panel.title}</h1>
    <p>${panel.statusText}</p>
    ${panel.problems.map((problem) => html`<p class="quiet">${problem}</p>`)}
    <div class="buttons">
      <button class="primary" @click=${() => actions.profileAgain()}>Profile Pool</button>
      <button class="secondary" @click=${() => actions.showOutput()}>Show Output</button>
    </div>
  </main>`;
}

/** A run that goes, or went, without an event. */
export function eventlessTemplate(panel: PanelState, actions: Actions): TemplateResult {
  if (panel.status === "running") {
    return html`<section class="eventless" aria-busy="true">
      ${lanesPicture("waiting")}
      <p>The pool has started. Its first events will be here within a second.</p>
    </section>`;
  }
  return html`<section class="eventless">
    ${lanesPicture("broken")}
    <p>
      No event reached a handler: the workload gave none, or the run ended before it did. Look at
      the workload, then profile again.
    </p>
    <div class="buttons">
      <button class="primary" @click=${() => actions.profileAgain()}>Profile Again</button>
    </div>
  </section>`;
}

const slices = [
  [0, 30, "leading"],
  [30, 44, "handler"],
  [80, 20, "leading"],
  [8, 22, "handler"],
  [44, 40, "lockWait"],
  [84, 30, "handler"],
  [20, 60, "handler"],
  [88, 34, "lockWait"],
] as const;

/** Three small lanes; drawn by the page, so that it has the theme's colours. */
function lanesPicture(kind: "waiting" | "broken"): TemplateResult {
  return html`<svg class="lanes-picture ${kind}" viewBox="0 0 132 62" aria-hidden="true">
    ${[0, 1, 2].map(
      (lane) => svg`<rect class="ground" x="0" y=${lane * 22} width="132" height="14"></rect>`,
    )}
    ${slices.map(([left, width, tone], index) => {
      const lane = Math.floor(index / 3);
      return svg`<rect class=${`fill-${tone}`} x=${left} y=${lane * 22} width=${width} height="14"></rect>`;
    })}
  </svg>`;
}
