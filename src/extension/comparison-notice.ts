// What both comparisons about a run have in common: what they ask for, the notification of how far they are, with its Cancel, and
// what is said of one that came to nothing.

import { basename } from "node:path";
import * as vscode from "vscode";
import type { ComparisonActivity } from "../protocol/panel-messages.ts";
import type { RunProblem } from "../protocol/run-messages.ts";
import type {
  CompareAnswer,
  CompareModelsAnswer,
  CompareModelsParams,
  CompareProgressParams,
} from "../protocol/server-messages.ts";
import { mayUseOwnNode } from "./own-node.ts";
import { settings, type Extension } from "./state.ts";
import type { TraceConsent } from "./trace-consent.ts";

/** What the person has agreed to by now. */
export interface Agreed {
  readonly useOwnNode: boolean;
  readonly consent?: string;
}

/** The person is not left to answer anything. */
export type Concluded<Answer> =
  | Exclude<Answer, { readonly kind: "ask-trust" }>
  | { readonly kind: "cancelled" };

type Ask<Answer> = (agreed: Agreed, cancel: vscode.CancellationToken) => Promise<Answer>;

export class ComparisonNotice {
  readonly #consent: TraceConsent;
  #report: ((params: CompareProgressParams) => void) | undefined;

  constructor(consent: TraceConsent) {
    this.#consent = consent;
  }

  progress(params: CompareProgressParams): void {
    this.#report?.(params);
  }

  /**
   * Shown until what is asked for is answered. Asked once more with what the person agrees to: that the sources of somebody
   * else's trace run, and the editor's own Node where there is no other.
   */
  async during<Answer extends CompareAnswer | CompareModelsAnswer>(
    title: string,
    ask: Ask<Answer>,
  ): Promise<Concluded<Answer>> {
    let agreed: Agreed = { useOwnNode: false };
    for (;;) {
      const answer = await this.#shown(title, agreed, ask);
      if (answer.kind === "no-node") {
        if (!(await mayUseOwnNode())) return answer as Concluded<Answer>;
        agreed = { ...agreed, useOwnNode: true };
      } else if (answer.kind === "ask-trust") {
        const consent = await this.#consent.given(answer.question);
        if (consent === undefined) return { kind: "cancelled" };
        agreed = { ...agreed, consent };
      } else return answer as Concluded<Answer>;
    }
  }

  async #shown<Answer>(title: string, agreed: Agreed, ask: Ask<Answer>): Promise<Answer> {
    try {
      return await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Notification, title, cancellable: true },
        async (progress, cancel) => {
          let before = 0;
          this.#report = ({ done, total, text }) => {
            progress.report({ message: text, increment: ((done - before) / total) * 100 });
            before = done;
          };
          return ask(agreed, cancel);
        },
      );
    } finally {
      this.#report = undefined;
    }
  }
}

/** What every comparison about a run asks for; its traces go into a folder of this name beside the run's. */
export function askedOf(
  { runs }: Extension,
  trace: string,
  folder: "compared" | "models",
): Omit<CompareModelsParams, "useOwnNode"> {
  return {
    trace,
    out: runs.folderBeside(trace, folder),
    node: settings().get<string>("nodePath") || undefined,
    maxTraceBytes: settings().get<number>("maxTraceSize", 500) * 2 ** 20,
  };
}

/** The server died meanwhile, which the person is told where its death is seen. */
export function lost({ log }: Extension, error: unknown): ComparisonActivity {
  const why = error instanceof Error ? error.message : String(error);
  log.error(`The comparison was lost: ${why}`);
  const message = vscode.l10n.t("The comparison was lost: the Poolscope server stopped.");
  return { kind: "failed", message };
}

export function refusedFor({ log }: Extension, problem: RunProblem): ComparisonActivity {
  const message = problemText(problem);
  log.error(message);
  return { kind: "failed", message };
}

/** What a refusal says, in one line. */
function problemText({ message, file, line, advice }: RunProblem): string {
  const place = file === undefined ? "" : basename(file);
  const at = line === undefined ? place : `${place}:${line}`;
  return [at === "" ? message : `${at}: ${message}`, advice].filter(Boolean).join(" ");
}
