// A site as a link: short to read, exact to follow.

import type { Site } from "../analysis/report.ts";
import type { SiteLink } from "../protocol/panel-state.ts";

export function siteLink(site: Site): SiteLink {
  const { file, line, column } = site;
  const name = file.slice(file.lastIndexOf("/") + 1);
  return { file, line, column, text: `${name}:${line}`, function: site.function };
}
