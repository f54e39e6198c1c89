// Small bars: one share, or the parts of a whole with a row of text for each.

import { html, svg, type TemplateResult } from "lit";
import type { HistogramBar, LatencyRow, Part } from "../../protocol/panel-state.ts";

export function barTemplate(share: number, tone: string): TemplateResult {
  const width = Math.max(1, Math.min(100, share * 100));
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class="ground" x="0" y="0" width="100" height="8"></rect>`}
    ${svg`<rect class=${`fill-${tone}`} x="0" y="0" width=${width} height="8"></rect>`}
  </svg>`;
}

/** An estimate and its interval, on a scale from nothing to all. */
export function intervalTemplate(low: number, high: number, share: number): TemplateResult {
  const [left, right] = [low * 100, Math.max(high * 100, low * 100 + 1)];
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class="ground" x="0" y="0" width="100" height="8"></rect>`}
    ${svg`<rect class="fill-lockWait" x="0" y="0" width=${share * 100} height="8"></rect>`}
    ${svg`<rect class="interval" x=${left} y="3" width=${right - left} height="2"></rect>`}
  </svg>`;
}

export function stackTemplate(parts: readonly Part[]): TemplateResult {
  let x = 0;
  return html`<svg class="stack" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class="ground" x="0" y="0" width="100" height="10"></rect>`}
    ${parts.map(({ tone, share, label, text }) => {
      const left = x;
      x += share * 100;
      return svg`<rect class=${`fill-${tone}`} x=${left} y="0" width=${share * 100} height="10">
        <title>${label} ${text}</title>
      </rect>`;
    })}
  </svg>`;
}

export function partsTemplate(parts: readonly Part[]): TemplateResult {
  return html`<dl class="parts">
    ${parts.map(
      ({ tone, label, text }) =>
        html`<dt><span class="swatch fill-${tone}" aria-hidden="true"></span>${label}</dt>
          <dd>${text}</dd>`,
    )}
  </dl>`;
}

/** `marks` are percentiles as thin lines, named where there is room for it. */
export function histogramTemplate(
  bars: readonly HistogramBar[],
  marks: LatencyRow["marks"],
  size: "small" | "large",
): TemplateResult {
  const most = Math.max(1, ...bars.map(({ count }) => count));
  const length = Math.max(1, bars.length);
  const first = bars[0]?.from ?? "";
  const last = bars.at(-1)?.to ?? "";
  return html`<figure class="histogram ${size}">
    <svg
      viewBox="0 0 ${length} 24"
      preserveAspectRatio="none"
      role="img"
      aria-label="Histogram from ${first} to ${last}"
    >
      ${bars.map((bar, index) => {
        // The root, so that a tail of one in a thousand is seen beside the hump.
        const height = bar.count === 0 ? 0 : Math.max(1.2, Math.sqrt(bar.count / most) * 23);
        return svg`<rect class="fill-handler" x=${index + 0.05} y=${24 - height} width="0.9" height=${height}>
          <title>${bar.from} to ${bar.to}: ${bar.count.toLocaleString("en-US")} events</title>
        </rect>`;
      })}
      ${marks.map(
        ({ bar }) =>
          svg`<line class="percentile" x1=${bar} x2=${bar} y1="0" y2="24" vector-effect="non-scaling-stroke"></line>`,
      )}
    </svg>
    ${size === "large" ? html`<figcaption><span>${first}</span><span>${last}</span></figcaption>` : ""}
  </figure>`;
}
