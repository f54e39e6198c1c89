// The card at the pointer: what is there at once, and a moment later whose it is and who held what it waited for.

import { html, nothing, type TemplateResult } from "lit";
import type { Model } from "../model.ts";
import { timeText } from "../drawing/scale.ts";

const stateWords = {
  leading: "led",
  handler: "ran",
  lockWait: "waited for",
  blockingCall: "was blocked in",
  garbageCollection: "collected garbage",
  lockHeld: "held",
  span: "was in",
} as const;

export function hoverTemplate({ hover, panel }: Model): TemplateResult | typeof nothing {
  if (hover?.hit.kind !== "slice" || panel === undefined) return nothing;
  const { hit, details } = hover;
  const thread = panel.timeline.lanes[hit.place.lane]?.name ?? "";
  const took = timeText(hit.end - hit.start);
  const sentence = details?.sentence ?? `${thread} ${stateWords[hit.state]} ${hit.name} ${took}`;
  const event = hit.event > 0 && hit.state !== "leading" ? `event #${hit.event}, ` : "";
  const holds = (details?.why ?? []).filter(
    ({ tone, site }) => tone === "hold" && site !== undefined,
  );
  const rest = (details?.rows ?? []).filter(({ label }) => label === "at" || label === "in all");
  return html`<div class="tooltip" role="tooltip">
    <p><strong>${sentence}</strong></p>
    <p class="quiet">${event}from ${timeText(hit.start)}</p>
    ${rest.map(({ label, value }) => html`<p class="quiet">${label} ${value}</p>`)}
    ${holds
      .slice(0, 2)
      .map(({ text, site }) => html`<p class="culprit">${text}, ${site?.text ?? ""}</p>`)}
  </div>`;
}
