// What the timeline's colours and patterns mean.

import { html, nothing, type TemplateResult } from "lit";
import type { TimelineHead } from "../../protocol/timeline.ts";

const entries = [
  { sign: "leading", text: "leader" },
  { sign: "handler", text: "handler" },
  { sign: "follower", text: "follower" },
  { sign: "promotion", text: "promotion" },
  { sign: "lockWait", text: "lock wait" },
  { sign: "lockHeld", text: "lock held" },
  { sign: "blockingCall", text: "blocking call" },
] as const;

const ledOnly: ReadonlySet<string> = new Set(["leading", "promotion"]);

export function legendTemplate({ isLed }: TimelineHead): TemplateResult {
  return html`<ul class="legend" aria-label="Legend">
    ${entries.map(({ sign, text }) =>
      !isLed && ledOnly.has(sign)
        ? nothing
        : html`<li>
            <span class="sign sign-${sign}" aria-hidden="true"></span>
            ${!isLed && sign === "follower" ? "idle" : text}
          </li>`,
    )}
  </ul>`;
}
