// The models tab: the same handlers under each concurrency model, a row a model. The sentence that says which fits comes first;
// while they are compared anew the figures of before stay where they are.

import { html, nothing, type TemplateResult } from "lit";
import type { ModelTable, ModelTableRow, ModelVerdict } from "../../protocol/model-comparison.ts";
import type { PanelModels } from "../../protocol/panel-messages.ts";
import type { PanelState } from "../../protocol/panel-state.ts";
import { stands, type Actions, type Model } from "../model.ts";
import { verdictTones, verdictWords } from "./verdict.ts";
import { strongly } from "./words.ts";

export function modelsTemplate(model: Model, panel: PanelState, actions: Actions): TemplateResult {
  const { activity, table } = model.models;
  return html`<div class="models">
    ${activityTemplate(activity, table !== undefined, actions)}
    ${
      table === undefined
        ? emptyTemplate(activity, panel, actions)
        : tableTemplate(model, table, actions)
    }
  </div>`;
}

function activityTemplate(
  activity: PanelModels["activity"],
  hasTable: boolean,
  actions: Actions,
): TemplateResult | typeof nothing {
  const before = hasTable ? " The figures below are those of the comparison before." : "";
  switch (activity.kind) {
    case "none":
      return nothing;
    case "running":
      return html`<div class="verdict" aria-live="polite">
        <p>Every model runs in turn: ${activity.text}.${before}</p>
        <progress
          max=${Math.max(1, activity.total)}
          value=${activity.done}
          aria-label="Rounds measured"
        ></progress>
        <button class="secondary" @click=${() => actions.stop()}>Cancel</button>
      </div>`;
    case "failed":
      return html`<div class="verdict trouble" role="alert">
        <p>The models could not be compared. ${activity.message}${before}</p>
        <button class="secondary" @click=${() => actions.showOutput()}>Show Output</button>
        ${compareButton(actions)}
      </div>`;
    case "cancelled":
      return html`<div class="verdict" role="status">
        <p>Cancelled: what was measured by then proves nothing.${before}</p>
        ${compareButton(actions)}
      </div>`;
  }
}

function compareButton(actions: Actions): TemplateResult {
  return html`<button class="primary" @click=${() => actions.compareModels()}>
    Compare Concurrency Models
  </button>`;
}

function emptyTemplate(
  activity: PanelModels["activity"],
  panel: PanelState,
  actions: Actions,
): TemplateResult | typeof nothing {
  if (activity.kind !== "none") return nothing;
  return html`<p class="lead">
      Would another concurrency model suit these handlers better? The same handlers, events and
      budget run under Leader/Followers, Half-Sync/Half-Async, Active Object, Monitor Object and one
      event loop, in turn, round by round. It takes a minute or two, and is surest on a machine that
      does nothing else.
    </p>
    ${
      panel.status === "running"
        ? html`<p class="quiet">They can be compared once this run is over.</p>`
        : html`<div class="buttons">${compareButton(actions)}</div>`
    }`;
}

function tableTemplate(model: Model, table: ModelTable, actions: Actions): TemplateResult {
  const { activity } = model.models;
  return html`<p class="sentence" role="status">${strongly(table.sentence)}</p>
    <table aria-label="Concurrency models on the same handlers">
      <thead>
        <tr>
          <th>Model</th>
          <th class="number">Events/s</th>
          <th title="Of events/s; the interval holds 98 %">Against Leader/Followers</th>
          <th class="number">p50</th>
          <th class="number">p99</th>
          <th class="number" title="Processor time of the whole process for one event">
            CPU/event
          </th>
          <th class="number" title="Threads woken to take an event over, for one event">
            Hand-offs
          </th>
          <th class="number" title="Context switches of the whole process for one event">
            Switches
          </th>
          <th class="number" title="Of the pool threads' time">Lock wait</th>
        </tr>
      </thead>
      ${table.rows
        .filter(({ name }) => stands(model, name))
        .map((row) => rowsTemplate(row, activity.kind === "running", actions))}
    </table>
    <details>
      <summary>How it was measured</summary>
      ${table.remarks.map((remark) => html`<p class="quiet">${remark}</p>`)}
    </details>
    ${
      activity.kind === "none"
        ? html`<div class="buttons">
            <button class="secondary" @click=${() => actions.compareModels()}>Compare Again</button>
          </div>`
        : nothing
    }`;
}

/** Its figures, and below them what it is for: two rows that belong together. */
function rowsTemplate(row: ModelTableRow, isRunning: boolean, actions: Actions): TemplateResult {
  const { model, name, purpose, fits, notes } = row;
  return html`<tbody class=${fits ? "fits" : ""} data-model=${model}>
    <tr>
      <td class="name">
        <button
          class="plain link"
          title="Open the trace of its first round"
          @click=${() => actions.openModel(model)}
        >
          ${name}
        </button>
        ${fits ? html`<span class="fit">✓ Fits best</span>` : nothing}
      </td>
      <td class="number" data-label="events/s">${row.throughput}</td>
      <td class=${row.against === undefined ? "against itself" : "against"}>
        ${againstTemplate(row.against)}
      </td>
      <td class="number" data-label="p50">${row.p50}</td>
      <td class="number" data-label="p99">${row.p99}${changeTemplate(row.againstP99)}</td>
      <td class="number" data-label="CPU/event">${row.cpuPerEvent}</td>
      <td class="number" data-label="hand-offs/event">${row.handOffsPerEvent}</td>
      <td class="number" data-label="switches/event">${row.switchesPerEvent}</td>
      <td class="number" data-label="lock wait">${row.lockWait}</td>
    </tr>
    <tr>
      <td colspan="9">
        <div class="about">
          <div>
            <p class="quiet">${purpose}</p>
            ${notes.map((note) => html`<p class="warned">${note}</p>`)}
          </div>
          <button
            class="secondary"
            aria-label="Use ${name}: write it into poolscope.json"
            title="Write it into poolscope.json"
            ?disabled=${isRunning}
            @click=${() => actions.useModel(model)}
          >
            Use This Model
          </button>
        </div>
      </td>
    </tr>
  </tbody>`;
}

function againstTemplate(against: ModelVerdict | undefined): TemplateResult {
  if (against === undefined) return html`<span class="quiet">itself</span>`;
  const { verdict, interval } = against;
  return html`<span class=${verdictTones[verdict]}>
      <span class="stamp">${verdictWords[verdict]}</span>
    </span>
    <span class="measured">${interval}</span>`;
}

/** Beside the figure, where something may be said of it. */
function changeTemplate(change: ModelVerdict | undefined): TemplateResult | typeof nothing {
  if (change?.verdict !== "faster" && change?.verdict !== "slower") return nothing;
  const tone = verdictTones[change.verdict];
  return html` <span
    class="change ${tone}"
    title="Against Leader/Followers, 98 % interval: ${verdictWords[change.verdict].toLowerCase()}"
    >${change.interval}</span
  >`;
}
