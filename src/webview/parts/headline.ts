// Under the first line: what went wrong with the run itself, then the worst finding as a sentence, then how it stands
// against the run before.

import { html, nothing, type TemplateResult } from "lit";
import type { FindingRow, PanelState } from "../../protocol/panel-state.ts";
import type { Actions } from "../model.ts";
import { findingButtons } from "./finding.ts";
import { siteTemplate } from "./site.ts";
import { linked, namesPlace } from "./words.ts";

export function headlineTemplate(panel: PanelState, actions: Actions): TemplateResult {
  const { status, statusText, comparison } = panel;
  // A deadlock is the finding itself: it is not told twice.
  const isTold = panel.findings[0]?.rule === "deadlock" && status === "failed";
  const trouble = status === "cut" || (status === "failed" && !isTold);
  return html`${
    trouble
      ? html`<section class="headline ${status === "cut" ? "cut" : "bad"}" role="alert">
          <div><p>${statusText}</p></div>
          <div class="buttons">
            <button class="secondary" @click=${() => actions.showOutput()}>Show Output</button>
          </div>
        </section>`
      : nothing
  }
  ${worstTemplate(panel, actions)}
  ${comparison === undefined ? nothing : html`<p class="note comparison">${comparison}</p>`}
  ${status === "finished" && statusText !== "" ? html`<p class="note">${statusText}</p>` : nothing}`;
}

function worstTemplate(panel: PanelState, actions: Actions): TemplateResult | typeof nothing {
  const [worst, ...others] = panel.findings;
  if (worst === undefined) {
    if (panel.status !== "finished") return nothing;
    const ignored =
      panel.ignored === 0
        ? "nothing that costs the pool a noticeable share of its time"
        : `nothing but what you chose to ignore (${panel.ignored})`;
    return html`<section class="headline good">
      <div><p>No finding: ${ignored}.</p></div>
    </section>`;
  }
  return html`<section class="headline ${worst.severity === "minor" ? "minor" : "bad"}">
    <div>
      <p class="sentence">${linked(worst.sentence, worst.site, actions)}</p>
      <p class="quiet">${worstDetail(worst, others.length, actions)}</p>
    </div>
    <div class="buttons">${findingButtons(worst, panel, actions)}</div>
  </section>`;
}

function worstDetail(worst: FindingRow, others: number, actions: Actions): TemplateResult {
  const parts = [
    worst.site === undefined || namesPlace(worst.sentence, worst.site)
      ? nothing
      : siteTemplate(worst.site, actions),
    worst.gain === "" ? nothing : html`Removing it would save ${worst.gain}`,
    others === 0
      ? nothing
      : html`<button class="plain link" @click=${() => actions.showTab("findings")}>
          ${others} more ${others === 1 ? "finding" : "findings"}
        </button>`,
  ].filter((part) => part !== nothing);
  return html`${parts.map((part, index) => html`${index === 0 ? "" : " · "}${part}`)}`;
}
