// A row of a table that can be selected: by a click anywhere in it, or by Enter where its first button has the focus.

import { html, type TemplateResult } from "lit";
import type { Actions, Model, SelectedRow } from "../model.ts";

export function rowTemplate(
  row: SelectedRow,
  { selected }: Model,
  actions: Actions,
  cells: TemplateResult,
): TemplateResult {
  const isSelected =
    selected.kind === "row" && selected.row.kind === row.kind && selected.row.name === row.name;
  return html`<tr
    class=${isSelected ? "selected" : ""}
    aria-selected=${isSelected}
    @click=${() => actions.selectRow(row)}
  >
    ${cells}
  </tr>`;
}
