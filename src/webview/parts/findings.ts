// The findings tab: each cause with what it would be worth, what to do about it, and its evidence, where a click zooms the
// timeline to the interval.

import { html, nothing, type TemplateResult } from "lit";
import type { FindingRow, PanelState } from "../../protocol/panel-state.ts";
import { stands, type Actions, type Model } from "../model.ts";
import { intervalTemplate } from "./bars.ts";
import { findingButtons, findingLinks } from "./finding.ts";
import { siteTemplate } from "./site.ts";
import { linked, namesPlace } from "./words.ts";

export function findingsTemplate(
  model: Model,
  panel: PanelState,
  actions: Actions,
): TemplateResult {
  const failures = panel.failures.map(
    ({ sentence, count }) => `${count.toLocaleString("en-US")} × ${sentence}`,
  );
  const others = [...failures, ...panel.problems].filter((sentence) => stands(model, sentence));
  const findings = panel.findings.filter(({ sentence, rule }) => stands(model, sentence, rule));
  const ignored =
    panel.ignored === 0
      ? ""
      : `${panel.ignored} ignored: remove ${panel.ignored === 1 ? "its identity" : "their identities"} from poolscope.json to see ${panel.ignored === 1 ? "it" : "them"} again.`;
  if (findings.length === 0 && others.length === 0) {
    return html`<p class="empty">Nothing was found. ${ignored}</p>`;
  }
  return html`<ul class="findings">
      ${findings.map((finding) => findingTemplate(finding, model, panel, actions))}
      ${others.map((sentence) => html`<li class="told"><p>${sentence}</p></li>`)}
    </ul>
    ${ignored === "" ? nothing : html`<p class="empty">${ignored}</p>`}`;
}

function findingTemplate(
  finding: FindingRow,
  { selected }: Model,
  panel: PanelState,
  actions: Actions,
): TemplateResult {
  const { rule, mechanism, severity, identity } = finding;
  const isSelected =
    selected.kind === "row" && selected.row.kind === "finding" && selected.row.name === identity;
  return html`<li
    class="${severity} ${isSelected ? "selected" : ""}"
    data-identity=${identity}
    @click=${() => actions.selectRow({ kind: "finding", name: identity })}
  >
    <div class="body">
      <p class="kind">
        <span class="rule">${rule}</span>
        ${mechanism === "" ? nothing : html`<span class="mechanism">${mechanism}</span>`}
      </p>
      <p class="sentence">${linked(finding.sentence, finding.site, actions)}</p>
      ${gainTemplate(finding)}
      ${finding.advice === "" ? nothing : html`<p class="advice">${finding.advice}</p>`}
      ${sitesOf(finding, actions)} ${evidenceTemplate(finding, actions)}
    </div>
    <div class="buttons">
      ${findingButtons(finding, panel, actions)} ${findingLinks(finding, actions)}
    </div>
  </li>`;
}

export function gainTemplate({
  gain,
  low,
  high,
  score,
}: FindingRow): TemplateResult | typeof nothing {
  if (gain === "") return nothing;
  return html`<p class="gain">
    ${intervalTemplate(low, high, score / 100)}<span>Removing it would save ${gain}</span>
  </p>`;
}

function sitesOf(
  { sentence, site, related }: FindingRow,
  actions: Actions,
): TemplateResult | typeof nothing {
  const own = site === undefined || namesPlace(sentence, site) ? [] : [{ sentence: "at", site }];
  const places = [...own, ...related];
  if (places.length === 0) return nothing;
  return html`<p class="sites quiet">
    ${places.map(
      (place, index) =>
        html`${index === 0 ? "" : " · "}${place.sentence} ${siteTemplate(place.site, actions)}`,
    )}
  </p>`;
}

export function evidenceTemplate(
  { evidence }: FindingRow,
  actions: Actions,
): TemplateResult | typeof nothing {
  if (evidence.length === 0) return nothing;
  return html`<p class="evidence">
    <span class="quiet">Seen</span>
    ${evidence.map(
      ({ interval, text }) =>
        html`<button
          class="chip"
          title="Zoom the timeline to it"
          @click=${(event: Event) => {
            event.stopPropagation();
            actions.zoomTo(interval.start, interval.end);
          }}
        >
          ${text}
        </button>`,
    )}
  </p>`;
}
