// What a row of each table must be. Rows are read through these once, where decode appends them; a row's type in tables.ts and
// its kind here can't drift apart, or this file does not compile.

import { budgets } from "./budgets.ts";
import {
  lockKinds,
  threadCapabilities,
  threadKinds,
  type TableName,
  type Tables,
} from "./tables.ts";
import {
  listOf,
  oneOf,
  record,
  text,
  whole,
  wholeOrUnknown,
  type FieldKinds,
  type ValueKind,
} from "./value-kind.ts";

export interface TableKind<Row> {
  readonly row: ValueKind<Row>;
  /** Of a table whose rows say themselves which index they have: below 0 for a row that does not say it. */
  readonly indexOf?: (row: Row) => number;
}

const name = (unknown = ""): ValueKind<string> => text(budgets.text, unknown);
const int32 = 2 ** 31 - 1;
const thread = whole(0, budgets.threads - 1, -1);
const threadOrNone = whole(-1, budgets.threads - 1, -1);
/** Of a person's text: no file has more lines or longer ones. */
const place = whole(0, int32, 0);

const rowOf = <Row extends object>(
  kinds: FieldKinds<Row>,
  indexOf?: (row: Row) => number,
): TableKind<Row> => ({ row: record(kinds), ...(indexOf === undefined ? {} : { indexOf }) });

export const tableKinds: { readonly [Name in TableName]: TableKind<Tables[Name][number]> } = {
  strings: { row: name() },
  sites: rowOf({
    source: whole(-1, budgets.rows.sources - 1, -1),
    file: name(),
    line: place,
    column: place,
    function: name(),
  }),
  locks: rowOf(
    {
      index: whole(0, budgets.rows.locks - 1, -1),
      name: name("unnamed lock"),
      kind: oneOf(lockKinds, "foreign"),
    },
    ({ index }) => index,
  ),
  handlers: rowOf({ name: name("unknown handler"), site: whole(0, budgets.rows.sites - 1, 0) }),
  threads: rowOf(
    {
      index: thread,
      name: name("unnamed thread"),
      kind: oneOf(threadKinds, "other"),
      threadId: whole(-1, Number.MAX_SAFE_INTEGER, 0),
      osThreadId: whole(0, Number.MAX_SAFE_INTEGER, 0),
      parent: threadOrNone,
      capabilities: listOf(oneOf(threadCapabilities, "roles"), threadCapabilities.length),
    },
    ({ index }) => index,
  ),
  sources: {
    row: wholeOrUnknown(record({ path: name(), sha256: text(64), text: text(budgets.sourceText) })),
  },
  ports: rowOf({ thread: threadOrNone, peerThread: threadOrNone }),
  tasks: rowOf({ id: text(32), event: whole(0, int32, 0) }),
  unseen: rowOf({ what: name(), of: name(), why: name() }),
};
