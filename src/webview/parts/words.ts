// Sentences with what matters in them made strong: names in quotes, and figures with their units. Where they name the place
// that they are about, it is a link.

import { html, type TemplateResult } from "lit";
import type { SiteLink } from "../../protocol/panel-state.ts";
import type { Actions } from "../model.ts";
import { siteTemplate } from "./site.ts";

const strong =
  /("[^"]*"|(?<![\w.#:-])\d[\d.,]*(?: (?:%|ns|µs|ms|s|events\/s)(?!\w)| of \d+ threads))/;

export function strongly(sentence: string): TemplateResult {
  // A captured separator makes every second piece one that matched.
  const pieces = sentence.split(strong);
  return html`${pieces.map((piece, index) =>
    index % 2 === 0 ? piece : html`<strong>${piece.replaceAll('"', "")}</strong>`,
  )}`;
}

export function namesPlace(sentence: string, site: SiteLink | undefined): site is SiteLink {
  return site !== undefined && sentence.includes(placeOf(site));
}

export function linked(
  sentence: string,
  site: SiteLink | undefined,
  actions: Actions,
): TemplateResult {
  if (!namesPlace(sentence, site)) return strongly(sentence);
  const place = placeOf(site);
  const at = sentence.indexOf(place);
  return html`${strongly(sentence.slice(0, at))}${siteTemplate(site, actions)}${strongly(
    sentence.slice(at + place.length),
  )}`;
}

function placeOf({ file, line }: SiteLink): string {
  return `${file}:${line}`;
}
