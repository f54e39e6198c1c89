// What the panel says of a slice.

import assert from "node:assert/strict";
import { turnWaits } from "../../src/analysis/turn-waits.ts";
import { lockUseOf } from "../../src/analysis/waits.ts";
import { detailsOf } from "../../src/presentation/details.ts";
import { eventTable } from "../../src/presentation/event-table.ts";
import { sliceAt } from "../../src/presentation/timeline/slice-at.ts";
import { headOf, timelineOf } from "../../src/presentation/timeline/timeline.ts";
import type { Details } from "../../src/protocol/panel-state.ts";
import type { Trace } from "../../src/trace/trace.ts";
import { drawTrace } from "../support/draw-trace.ts";

function detailsAt(trace: Trace, lane: number, time: number): Details {
  const timeline = timelineOf(trace);
  const slice = sliceAt(timeline, { lane, time, row: "state" });
  assert.ok(slice !== undefined);
  const head = headOf(timeline, trace, 1);
  const [use, waits, table] = [lockUseOf(trace), turnWaits(trace), eventTable(trace)];
  return detailsOf({ trace, head, use, waits, table }, slice);
}

describe("details of a slice", () => {
  it("say of a wait for a lock who held it, and where the wait began", () => {
    const trace = drawTrace([
      { roles: "LLPPPPPPLL", locks: { hot: "   hhhh   " } },
      { roles: "FFLPPPPPPF", locks: { hot: "    wwwhh " } },
    ]);
    const { sentence, rows } = detailsAt(trace, 1, 5000);
    assert.match(sentence, /waited 3\.0 µs for lock hot, held by /);
    assert.equal(rows[0]?.label, "at");
  });

  it("say of a wait for a condition or a barrier what it was for, and where it began", () => {
    const inTurn = { thread: 1, turn: 1, b: 1 } as const;
    const trace = drawTrace([{ roles: "LPPPPPPPPP", locks: { ready: "", pair: "" } }], {
      lockKinds: { ready: "condition", pair: "barrier" },
      extra: [
        { ...inTurn, micros: 2, kind: "conditionWaitStarted", a: 0 },
        { ...inTurn, micros: 4, kind: "conditionWaitEnded", a: 0 },
        { ...inTurn, micros: 5, kind: "barrierWaitStarted", a: 1 },
        { ...inTurn, micros: 8, kind: "barrierWaitEnded", a: 1 },
      ],
    });
    const condition = detailsAt(trace, 0, 3000);
    assert.match(condition.sentence, /waited 2\.0 µs for condition ready$/);
    assert.equal(condition.rows[0]?.label, "at");
    assert.match(detailsAt(trace, 0, 6000).sentence, /waited 3\.0 µs for barrier pair$/);
    assert.equal(eventTable(trace).lockWait[1], 5000);
  });
});
