// What the extension and the language server say to each other beyond LSP. Tiles do not come this way: they go over a pipe
// of their own, as frames (see tile-codec.ts), with the trace's number before them.

import type { ComparedMetric, ComparisonResult } from "./comparison.ts";
import type { ModelTable } from "./model-comparison.ts";
import type { RangeFigures } from "./panel-messages.ts";
import type { Details, EventOrder, EventPage, PanelState } from "./panel-state.ts";
import type { SlicePlace } from "./timeline.ts";
import type { ConcurrencyModelName, LogLevel } from "./run-configuration.ts";
import type { Progress, RunProblem } from "./run-messages.ts";
import type { TrustQuestion } from "./trust-question.ts";

export const serverMethods = {
  /** ProfileParams -> ProfileAnswer; answers when the run is over. */
  profile: "poolscope/profile",
  /** Ends the running run or comparison cleanly. */
  stop: "poolscope/stop",
  /** CompareParams -> CompareAnswer; answers when the comparison is over. Cancelled by its token or by `stop`. */
  compare: "poolscope/compare",
  /** CompareModelsParams -> CompareModelsAnswer, as `compare`. */
  compareModels: "poolscope/compareModels",
  /** UseModelParams -> UseModelAnswer. */
  useModel: "poolscope/useModel",
  /** CompareProgressParams, from the server: of either comparison. */
  compareProgress: "poolscope/compareProgress",
  /** Path of the trace, from the server: the handlers are loaded and the run goes. */
  started: "poolscope/started",
  /** ProgressParams, from the server. */
  progress: "poolscope/progress",
  /** OutputParams, from the server. */
  output: "poolscope/output",
  /** OpenTraceParams -> OpenTraceAnswer. */
  openTrace: "poolscope/openTrace",
  closeTrace: "poolscope/closeTrace",
  /** TraceStateParams, from the server: the trace has grown, or was read. */
  traceState: "poolscope/traceState",
  details: "poolscope/details",
  neighbour: "poolscope/neighbour",
  range: "poolscope/range",
  events: "poolscope/events",
  /** SourceParams -> SourceAnswer. */
  source: "poolscope/source",
  /** Trace paths of earlier runs whose findings are to stand in the editor, oldest first. */
  showRuns: "poolscope/showRuns",
  /** The path of a trace that is deleted: its findings go too. */
  forget: "poolscope/forget",
  /** Boolean: the person trusts this workspace. */
  trust: "poolscope/trust",
} as const;

export interface ServerOptions {
  readonly trusted: boolean;
  /** Folder with the runtime's scripts. */
  readonly dist: string;
  /** Where the tile pipe listens. */
  readonly pipe: string;
}

export interface ProfileParams {
  readonly module: string;
  readonly out: string;
  readonly node: string | undefined;
  /** The person agreed to the editor's own Node, where there is no other. */
  readonly useOwnNode: boolean;
  readonly settings: Readonly<Record<string, string>>;
  readonly maxTraceBytes: number;
  /** Trace of the run of this module before this one, to be compared with. */
  readonly previous: string | undefined;
}

export type ProfileAnswer =
  | {
      readonly kind: "ended";
      readonly reason: string;
      readonly message: string;
      readonly summary: RunSummary | undefined;
    }
  | { readonly kind: "refused"; readonly problem: RunProblem }
  /** There is no Node on this machine but the editor's own: to be asked for. */
  | { readonly kind: "no-node" }
  | { readonly kind: "cut"; readonly why: string; readonly summary: RunSummary | undefined };

/** The version that a trace recorded against its module as it is saved now: "Profile Again and Compare". */
export interface CompareParams {
  readonly trace: string;
  /** Where the traces of both versions' blocks go: old.pooltrace and new.pooltrace in it. */
  readonly out: string;
  readonly node: string | undefined;
  readonly useOwnNode: boolean;
  /** Undefined: throughput. */
  readonly metric: ComparedMetric | undefined;
  /** Of blocks; the default when it is left out. With fewer than 8 the speed is never told. */
  readonly pairs?: number;
  readonly maxTraceBytes: number;
  /** To what an "ask-trust" named as its content, once the person has agreed. */
  readonly consent?: string;
}

/** What may become of any comparison but an answer. */
export type NotCompared =
  | { readonly kind: "refused"; readonly problem: RunProblem }
  | { readonly kind: "no-node" }
  /** This installation did not record the trace: the person is to be asked first. */
  | { readonly kind: "ask-trust"; readonly question: TrustQuestion }
  | { readonly kind: "cancelled" };

export type CompareAnswer =
  | { readonly kind: "compared"; readonly result: ComparisonResult }
  | NotCompared;

/** A module as it is saved now under each concurrency model, with the workload and the budget of one of its runs. */
export interface CompareModelsParams {
  /** Of that run. */
  readonly trace: string;
  /** Folder for a trace of each model: MODEL.pooltrace. What was in it stays unless all of them were measured. */
  readonly out: string;
  readonly node: string | undefined;
  readonly useOwnNode: boolean;
  readonly maxTraceBytes: number;
  /** As in CompareParams. */
  readonly consent?: string;
}

export type CompareModelsAnswer =
  | { readonly kind: "compared"; readonly table: ModelTable }
  | NotCompared;

export interface CompareProgressParams {
  readonly trace: string;
  readonly of: "versions" | "models";
  /** Pairs or rounds, fixed before the first block. */
  readonly total: number;
  readonly done: number;
  /** "pair 3 of 12, about 8 s left" */
  readonly text: string;
}

/** `model` is to stand in the poolscope.json that holds for this module. */
export interface UseModelParams {
  /** Absolute path of the handlers. */
  readonly module: string;
  readonly model: ConcurrencyModelName;
}

export type UseModelAnswer =
  /** An LSP WorkspaceEdit of that file, which the client is to make. */
  | { readonly kind: "edit"; readonly file: string; readonly edit: unknown }
  | { readonly kind: "set-already"; readonly file: string }
  | { readonly kind: "refused"; readonly message: string };

export interface ProgressParams {
  readonly trace: string;
  readonly progress: Progress;
}

export interface OutputParams {
  readonly thread: string;
  readonly stream: "stdout" | "stderr" | "log";
  /** Of "log": "info" by default. */
  readonly level?: LogLevel;
  readonly text: string;
}

export interface OpenTraceParams {
  readonly path: string;
  readonly previous: string | undefined;
  /** Why its run was cut, where that is known. */
  readonly cutBecause: string | undefined;
}

export interface OpenTraceAnswer {
  /** Names the trace in later requests and in frames. */
  readonly trace: number;
}

export interface TraceStateParams {
  readonly trace: number;
  readonly state: PanelState;
}

export interface PlaceParams {
  readonly trace: number;
  readonly place: SlicePlace;
}

export interface NeighbourParams extends PlaceParams {
  readonly direction: "next" | "previous";
}

export interface RangeParams {
  readonly trace: number;
  readonly from: number;
  readonly to: number;
}

export interface EventsParams {
  readonly trace: number;
  readonly from: number;
  readonly order: EventOrder;
}

export interface SourceParams {
  readonly trace: number;
  /** As the trace names it. */
  readonly file: string;
}

export type SourceAnswer =
  /** A regular file that may be read: below a folder that is open, or below the root of a run of ours. */
  | { readonly kind: "file"; readonly path: string }
  /** The text that ran, as the trace has it: the file itself is out of reach, or gone. */
  | { readonly kind: "text"; readonly text: string }
  /** A run of ours names a file elsewhere: nothing of it was looked at, and the person is to be asked. */
  | { readonly kind: "elsewhere"; readonly path: string }
  | { readonly kind: "none" };

export type DetailsAnswer = Details | null;
export type RangeAnswer = RangeFigures;
export type EventsAnswer = EventPage;

export interface RunSummary {
  readonly path: string;
  readonly module: string;
  readonly startedAt: string;
  readonly throughput: string;
  readonly p99: string;
  readonly worst: string;
  readonly ended: string;
}
