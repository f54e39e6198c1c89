// One row of the table for edits-run.test.ts: it names what changes, not the whole text, and the rest must stay as it is.

import type { Edit } from "../../../src/server/edits/source-edit.ts";

export interface EditCase {
  readonly name: string;
  readonly edit: Edit;
  /** Exports `enter`, and may export `state`, which is asked when all events have been handled. */
  readonly before: string;
  /** Where the finding stands: the first place with this text. */
  readonly at: string;
  /** This piece becomes that one. */
  readonly from: string;
  readonly to: string;
  readonly mayChange: boolean;
  readonly payloads: readonly unknown[];
  /** How many results there are, that of `state` among them. */
  readonly results: number;
}

export const numbers = Array.from({ length: 100 }, (_, index) => index);
