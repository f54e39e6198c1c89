// The comparison of this run's version with the module as it is now: the verdict first, then both versions' figures side by
// side, then what to know before believing it.

import { html, nothing, type TemplateResult } from "lit";
import type { ComparisonResult, ComparisonRow } from "../../protocol/comparison.ts";
import type { PanelComparison } from "../../protocol/panel-messages.ts";
import type { PanelState } from "../../protocol/panel-state.ts";
import type { Actions } from "../model.ts";
import { verdictTones, verdictWords } from "./verdict.ts";

export function comparisonTemplate(
  comparison: PanelComparison,
  panel: PanelState,
  actions: Actions,
): TemplateResult | typeof nothing {
  switch (comparison.kind) {
    case "none":
      return changedTemplate(panel, actions);
    case "running":
      return runningTemplate(comparison, actions);
    case "failed":
      return html`<section class="compared plain" role="alert">
        <div class="verdict">
          <p>${comparison.message}</p>
          ${againButton(actions)}
        </div>
      </section>`;
    case "compared":
      return resultTemplate(comparison.result, actions);
  }
}

/** The sources differ from what ran: the one moment at which a comparison says something. */
function changedTemplate(panel: PanelState, actions: Actions): TemplateResult | typeof nothing {
  if (panel.changed.length === 0 || panel.status === "running") return nothing;
  const [first, ...others] = panel.changed;
  const what = others.length === 0 ? `${first} has` : `${first} and ${others.length} more have`;
  return html`<section class="compared plain">
    <div class="verdict">
      <p>${what} changed since this run. Has it helped?</p>
      ${againButton(actions)}
    </div>
  </section>`;
}

function againButton(actions: Actions): TemplateResult {
  return html`<button class="primary" @click=${() => actions.compare()}>
    Profile Again and Compare
  </button>`;
}

function runningTemplate(
  { done, total, text }: Extract<PanelComparison, { kind: "running" }>,
  actions: Actions,
): TemplateResult {
  return html`<section class="compared plain" aria-live="polite">
    <div class="verdict">
      <p>Both versions run in turn: ${text}</p>
      <progress max=${Math.max(1, total)} value=${done} aria-label="Pairs compared"></progress>
      <button class="secondary" @click=${() => actions.stop()}>Cancel</button>
    </div>
  </section>`;
}

function resultTemplate(result: ComparisonResult, actions: Actions): TemplateResult {
  const { verdict, sentence, before, after, rows, notes } = result;
  return html`<section class="compared ${verdictTones[verdict]}" data-verdict=${verdict}>
    <div class="verdict" role="status">
      <span class="stamp">${verdictWords[verdict]}</span>
      <p class="sentence">${sentence}</p>
    </div>
    <table>
      <thead>
        <tr>
          <th></th>
          <th class="number">${versionButton("before", before.label, actions)}</th>
          <th class="number">${versionButton("after", after.label, actions)}</th>
          <th>Change</th>
        </tr>
      </thead>
      <tbody>
        ${rows.filter(isTelling).map(
          (row) =>
            html`<tr>
              <td>${row.label}</td>
              <td class="number">${row.before}</td>
              <td class="number">${row.after}</td>
              <td class="change ${row.tone}">${row.change === "" ? "within noise" : row.change}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <details>
      <summary>How it was measured</summary>
      <p class="quiet">Before: ${before.label}. After: ${after.label}.</p>
      ${notes.map((note) => html`<p class="quiet">${note}</p>`)}
    </details>
    <div class="buttons">
      <button class="secondary" @click=${() => actions.compare()}>Compare Again</button>
    </div>
  </section>`;
}

/** Whatever stayed at nothing in both versions says nothing. */
function isTelling({ before, after, change }: ComparisonRow): boolean {
  return change !== "" || before !== after;
}

function versionButton(
  version: "before" | "after",
  label: string,
  actions: Actions,
): TemplateResult {
  return html`<button
    class="plain link"
    title="Open the trace of ${label}"
    @click=${() => actions.openVersion(version)}
  >
    ${version === "before" ? "Before" : "After"}
  </button>`;
}
