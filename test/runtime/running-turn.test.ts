// Which turn runs now, in one thread, without a pool.

import assert from "node:assert/strict";
import { setImmediate as immediate } from "node:timers/promises";
import { RunningTurn } from "../../src/runtime/thread/running-turn.ts";
import { outsideTurn, type Turn } from "../../src/runtime/thread/turn.ts";

let number = 0;

function begin(running: RunningTurn): Turn {
  const turn: Turn = { ...outsideTurn, number: ++number };
  running.live.add(turn);
  return turn;
}

function settle(running: RunningTurn, turn: Turn): void {
  running.live.remove(turn);
  turn.settled = true;
  running.settledTurn();
}

/** By then a thread that needs none follows no turns any more. */
function endTrial(running: RunningTurn): void {
  for (let turn = 0; turn < 1000; turn++) settle(running, begin(running));
}

describe("the running turn", () => {
  it("is told over awaits, in timers and in callbacks, of several turns that are suspended", async () => {
    const running = new RunningTurn();
    const turns = [begin(running), begin(running)];
    const told = turns.map((turn) =>
      running.run(turn, async () => {
        const numbers = [running.asking];
        await immediate();
        numbers.push(running.asking);
        await new Promise<void>((resolve) => {
          setTimeout(() => resolve(void numbers.push(running.asking)), 1);
        });
        await new Promise<void>((resolve) => {
          process.nextTick(() => resolve(void numbers.push(running.asking)));
        });
        return new Set(numbers);
      }),
    );
    assert.equal(running.asking, 0);
    assert.deepEqual(
      await Promise.all(told),
      turns.map((turn) => new Set([turn.number])),
    );
  });

  it("is none in code of a turn that has settled, and none that is guessed", async () => {
    const running = new RunningTurn();
    const over = begin(running);
    const told = running.run(over, async () => {
      await immediate();
      return running.asking;
    });
    settle(running, over);
    const alone = begin(running);
    assert.equal(await told, 0);
    assert.equal(running.asking, 0);
    assert.equal(running.recorded, alone.number);
  });

  it("is not followed where nothing asks, and is again when something does", async () => {
    const running = new RunningTurn();
    endTrial(running);
    const later = async (): Promise<number> => {
      await immediate();
      return running.asking;
    };
    const first = begin(running);
    assert.equal(await running.run(first, later), 0);
    running.askedForLock();
    assert.equal(await running.run(first, later), 0);
    running.leftTurn();
    assert.equal(await running.run(first, later), first.number);
  });
});
