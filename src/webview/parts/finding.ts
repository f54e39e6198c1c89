// What can be done about a finding, wherever it stands.

import { html, nothing, type TemplateResult } from "lit";
import type { FindingRow, PanelState } from "../../protocol/panel-state.ts";
import type { Actions } from "../model.ts";

/** Look at it on the timeline, and change what causes it. */
export function findingButtons(
  finding: FindingRow,
  panel: PanelState,
  actions: Actions,
): TemplateResult {
  const { evidence, fix, site, identity } = finding;
  const worst = evidence[0]?.interval;
  return html`${
    worst === undefined
      ? nothing
      : html`<button
          class="secondary"
          title="Zoom the timeline to where it was worst"
          @click=${() => actions.zoomTo(worst.start, worst.end)}
        >
          Show
        </button>`
  }
  ${
    site === undefined || fix === "" || panel.status === "running"
      ? nothing
      : html`<button
          class="primary"
          title="Open the line with the changes that help"
          @click=${() => actions.about("fix", identity)}
        >
          ${fix}
        </button>`
  }`;
}

/** Read about it, and have it hidden. */
export function findingLinks({ identity, site }: FindingRow, actions: Actions): TemplateResult {
  return html`<button
      class="secondary"
      title="What this finding means, and what helps"
      @click=${() => actions.about("explain", identity)}
    >
      Explain
    </button>
    ${
      site === undefined
        ? nothing
        : html`<button
            class="secondary"
            title="Show it no more: its identity goes into poolscope.json"
            @click=${() => actions.about("ignore", identity)}
          >
            Ignore
          </button>`
    }`;
}
