// What the server's main thread and the thread that holds one trace say to each other.

import type { Report } from "../analysis/report.ts";
import type { TileName } from "../protocol/panel-messages.ts";
import type { SlicePlace } from "../protocol/timeline.ts";
import type { EventOrder, PanelState } from "../protocol/panel-state.ts";
import type { RunSummary } from "../protocol/server-messages.ts";
import type { OpenedFolders } from "../session/named-files.ts";
import type { Provenance } from "../session/trust/provenance.ts";
import type { SourceRow } from "../trace/tables.ts";

export interface TraceThreadStart {
  readonly path: string;
  /** A run of ours still writes the file. */
  readonly running: boolean;
  /** The run of the same module before this one, to be compared with. */
  readonly previous: string | undefined;
  /** Why its run was cut, where that is known: the trace itself can't tell. */
  readonly cutBecause: string | undefined;
  readonly opened: OpenedFolders;
}

export type TraceQuestion =
  | { readonly kind: "details"; readonly place: SlicePlace }
  | {
      readonly kind: "neighbour";
      readonly place: SlicePlace;
      readonly direction: "next" | "previous";
    }
  | { readonly kind: "range"; readonly from: number; readonly to: number }
  | { readonly kind: "events"; readonly from: number; readonly order: EventOrder };

/** Where a file that the trace names is: see source-of-trace.ts. */
export interface SourceQuestion {
  readonly kind: "source";
  readonly file: string;
}

export type ToTraceThread =
  | { readonly kind: "tiles"; readonly wanted: readonly TileName[] }
  | {
      readonly kind: "question";
      readonly request: number;
      readonly question: TraceQuestion | SourceQuestion;
    }
  /** Sources, or what is to be ignored, may have changed. */
  | { readonly kind: "files-changed" }
  /** The person has opened or closed a folder, or come to trust this window. */
  | { readonly kind: "opened"; readonly opened: OpenedFolders }
  /** The run is over; `why` when it was cut. */
  | { readonly kind: "ended"; readonly why: string | undefined };

/** What the editor needs of a run that is over. */
export interface RunFindings {
  readonly report: Report;
  readonly sources: readonly SourceRow[];
  readonly root: string;
  readonly provenance: Provenance["kind"];
  readonly summary: RunSummary;
}

/** A run that hangs in a deadlock, while it does. */
export interface Hang {
  readonly sentence: string;
  readonly findings: RunFindings;
}

export type FromTraceThread =
  | { readonly kind: "state"; readonly state: PanelState }
  | { readonly kind: "tile"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "answer"; readonly request: number; readonly value: unknown }
  /** Sent once, while the run goes on: it hangs in a deadlock. */
  | ({ readonly kind: "hangs" } & Hang)
  /** Sent once, when the trace will not grow any more; undefined when nothing could be read. */
  | { readonly kind: "final"; readonly findings: RunFindings | undefined };
