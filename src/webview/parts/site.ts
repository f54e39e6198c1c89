// A place in the source as a link, or several of them.

import { html, nothing, type TemplateResult } from "lit";
import type { SiteCost, SiteLink } from "../../protocol/panel-state.ts";
import type { Actions } from "../model.ts";

export function siteTemplate(site: SiteLink | undefined, actions: Actions): TemplateResult {
  if (site === undefined) return html`<span class="quiet">site not known</span>`;
  const title = `${site.file}:${site.line}:${site.column}${site.function === "" ? "" : ` in ${site.function}`}`;
  return html`<button
    class="link"
    title=${title}
    @click=${(event: Event) => {
      // The row around it is not meant.
      event.stopPropagation();
      actions.open(site);
    }}
  >
    ${site.text}
  </button>`;
}

/** The costliest as a link; the details of the row list them all. */
export function sitesTemplate(sites: readonly SiteCost[], actions: Actions): TemplateResult {
  const [first, ...others] = sites;
  const more = others.map(({ site }) => site?.text ?? "site not known").join(", ");
  return html`${siteTemplate(first?.site, actions)}${
    others.length === 0
      ? nothing
      : html` <span class="quiet" title=${more}>+${others.length}</span>`
  }`;
}
