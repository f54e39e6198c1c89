// A trace's timeline as a picture, from the same lanes that the panel draws. Plain SVG that follows the reader's light or dark
// scheme; the same trace gives the same bytes.

import { duration } from "../../src/presentation/format.ts";
import type { Lane } from "../../src/presentation/timeline/lane.ts";
import { timelineOf, type Timeline } from "../../src/presentation/timeline/timeline.ts";
import { sliceStates, type SliceColumns, type SliceState } from "../../src/protocol/timeline.ts";
import type { Trace } from "../../src/trace/trace.ts";

const width = 760;
const left = 84;
const right = 12;
const depthHeight = 34;
const lanesTop = 58;
const laneHeight = 40;

const legend: Readonly<Record<SliceState, string>> = {
  leading: "leads",
  handler: "in a handler",
  lockWait: "waits for a lock",
  blockingCall: "in a blocking call",
  garbageCollection: "collects garbage",
  lockHeld: "holds a lock",
  span: "span",
};

const style = `
  text { font: 11px system-ui, sans-serif; fill: #3b3b3b; }
  .quiet { fill: #6e7681; } .ground { fill: #fff; } .follower { fill: #0000000f; } .grid { stroke: #0000001f; }
  .leading { fill: #1a85ff; } .handler { fill: #388a34; } .lockWait { fill: url(#hatch); } .blockingCall { fill: #d18616; }
  .garbageCollection { fill: #652d90; } .lockHeld { fill: #bf8803; } .span { fill: #8a8a8a; } .depth { fill: #1a85ff55; }
  .on { fill: #fff; } .promotion { stroke: #652d90; } .hatch { stroke: #e51400; } .under-hatch { fill: #e514002e; }
  @media (prefers-color-scheme: dark) {
    text { fill: #ccc; } .quiet { fill: #9d9d9d; } .ground { fill: #1f1f1f; } .follower { fill: #ffffff12; }
    .grid { stroke: #ffffff1f; } .handler { fill: #4f9a4c; } .lockHeld { fill: #cca700; } .on { fill: #fff; }
    .promotion { stroke: #b180d7; } .hatch { stroke: #f14c4c; } .under-hatch { fill: #f14c4c2e; }
  }
`;

const hatch =
  '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
  '<rect class="under-hatch" width="6" height="6"/><path class="hatch" d="M0 0V6" stroke-width="3"/></pattern>';

/** The stretch from 0 to `until`, in nanoseconds. */
export function timelineSvg(trace: Trace, until: number, title: string): string {
  const timeline = timelineOf(trace);
  const height = lanesTop + timeline.lanes.length * laneHeight + 40;
  const at = (time: number): number =>
    round(left + (Math.min(time, until) / until) * (width - left - right));
  const parts = [
    `<title>${escape(title)}</title>`,
    `<style>${style}</style><defs>${hatch}</defs>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...axis(until, at, height),
    ...depth(timeline, until, at),
    ...timeline.lanes.flatMap((lane, index) => laneParts(trace, lane, index, until, at)),
    ...arrows(timeline, until, at),
    ...legendParts(timeline, until, height),
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">\n` +
    `${parts.join("\n")}\n</svg>\n`
  );
}

type Place = (time: number) => number;

function axis(until: number, at: Place, height: number): string[] {
  return [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const x = at(until * share);
    const anchor = share === 1 ? "end" : share === 0 ? "start" : "middle";
    return (
      `<path class="grid" d="M${x} 18V${height - 30}"/>` +
      `<text class="quiet" x="${x}" y="12" text-anchor="${anchor}">${duration(until * share)}</text>`
    );
  });
}

function depth({ depthTime, depth: values }: Timeline, until: number, at: Place): string[] {
  const shown = Array.from(depthTime, (time, index) => ({
    time,
    depth: values[index] ?? 0,
  })).filter(({ time }) => time <= until);
  const most = Math.max(1, ...shown.map((each) => each.depth));
  const bottom = 18 + depthHeight;
  const y = (value: number): number => round(bottom - (value / most) * (depthHeight - 6));
  let path = `M${at(0)} ${bottom}`;
  for (const { time, depth: value } of shown) path += `H${at(time)}V${y(value)}`;
  return [
    `<path class="depth" d="${path}H${at(until)}V${bottom}Z"/>`,
    `<text class="quiet" x="4" y="${bottom - 8}">queue, ${most}</text>`,
  ];
}

function laneParts(trace: Trace, lane: Lane, index: number, until: number, at: Place): string[] {
  const top = lanesTop + index * laneHeight;
  return [
    `<text x="4" y="${top + 15}">${escape(lane.name)}</text>`,
    `<rect class="follower" x="${left}" y="${top}" width="${width - left - right}" height="22"/>`,
    ...slices(trace, lane.state, { top, height: 22, until, at }),
    ...slices(trace, lane.under, { top: top + 24, height: 8, until, at }),
  ];
}

interface Row {
  readonly top: number;
  readonly height: number;
  readonly until: number;
  readonly at: Place;
}

function slices(trace: Trace, columns: SliceColumns, { top, height, until, at }: Row): string[] {
  const shapes: string[] = [];
  for (let index = 0; index < columns.length; index++) {
    const start = columns.start[index] ?? 0;
    const end = columns.end[index] ?? 0;
    if (start >= until || end <= start) continue;
    const state = sliceStates[columns.state[index] ?? 0] ?? "span";
    const x = at(start);
    const wide = round(Math.max(0.5, at(end) - x));
    shapes.push(`<rect class="${state}" x="${x}" y="${top}" width="${wide}" height="${height}"/>`);
    const name = nameOf(trace, state, columns.name[index] ?? 0);
    if (height >= 12 && state !== "leading" && wide > 6 * name.length + 6) {
      const tone = state === "lockWait" ? "" : ' class="on"';
      shapes.push(`<text${tone} x="${round(x + 4)}" y="${top + 15}">${escape(name)}</text>`);
    }
  }
  return shapes;
}

function nameOf({ tables }: Trace, state: SliceState, name: number): string {
  if (state === "handler") return tables.handlers[name]?.name ?? "";
  if (state === "lockWait") return tables.locks.find(({ index }) => index === name)?.name ?? "";
  return state === "blockingCall" ? (tables.strings[name] ?? "") : "";
}

function arrows({ arrows: all }: Timeline, until: number, at: Place): string[] {
  return Array.from(all.time).flatMap((time, index) => {
    if (time > until) return [];
    const x = at(time);
    const [from, to] = [middleOf(all.from[index] ?? 0), middleOf(all.to[index] ?? 0)];
    return [`<path class="promotion" fill="none" stroke-width="1.5" d="M${x} ${from}V${to}"/>`];
  });
}

function middleOf(lane: number): number {
  return lanesTop + lane * laneHeight + 11;
}

function legendParts({ lanes }: Timeline, until: number, height: number): string[] {
  const used = sliceStates.filter((_, code) =>
    lanes.some(({ state, under }) =>
      [state, under].some((columns) =>
        Array.from({ length: columns.length }, (__, index) => index).some(
          (index) => columns.state[index] === code && (columns.start[index] ?? 0) < until,
        ),
      ),
    ),
  );
  let x = left;
  return [...used, undefined].map((state) => {
    const text = state === undefined ? "waits as follower" : legend[state];
    const shape =
      `<rect class="${state ?? "follower"}" x="${x}" y="${height - 20}" width="12" height="12"/>` +
      `<text class="quiet" x="${x + 17}" y="${height - 10}">${text}</text>`;
    x += 17 + 6.2 * text.length + 14;
    x = round(x);
    return shape;
  });
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escape(text: string): string {
  return text.replace(/[<>&"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
