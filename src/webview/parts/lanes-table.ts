// The timeline for who can't see it: the same lanes in the same window, as a table, and a sentence that is read out when the
// window has come to rest.

import { html, type TemplateResult } from "lit";
import type { Model } from "../model.ts";

export function lanesTable({ inView }: Model): TemplateResult {
  return html`<div class="for-reader">
    <p aria-live="polite">${inView === undefined ? "" : `In view: ${inView.sentence}`}</p>
    <table aria-label="Threads in view">
      <thead>
        <tr>
          <th>Thread</th>
          <th>What it did in this window</th>
        </tr>
      </thead>
      <tbody>
        ${(inView?.lanes ?? []).map(
          ({ name, parts }) =>
            html`<tr>
              <td>${name}</td>
              <td>
                ${parts.length === 0 ? "idle" : parts.map(({ label, text }) => `${label} ${text}`).join(", ")}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
