// Follows turns over their awaits. A promise that is made in a turn belongs to it, and so does the code that runs when it
// settles: the thread is told when a turn goes on and when it stops, so that the time between two awaits is told from the
// time at them, and what happens there (an acquire, a blocking call) is its own turn's.
//
// V8's promise hooks cost about 0.3 us an await (measured; async_hooks cost the same and tell less), so they are set when the
// first handler turns out to be asynchronous, and never in a thread whose handlers are not. Not seen: what runs in the
// callback of a timer or an emitter before a promise is settled.

import v8 from "node:v8";
import type { Turn } from "../thread/turn.ts";
import { attempt, type WhyLeft } from "./replace-function.ts";

/** Of the promises of a turn. */
const turnOf = Symbol("poolscope.turn");

type TurnPromise = Promise<unknown> & { [turnOf]?: Turn };

export interface TurnSwitch {
  /** The turn that runs now; undefined between turns. */
  running(): Turn | undefined;
  resume(turn: Turn): void;
  suspend(turn: Turn): void;
}

/** For the thread's life. The turn that runs now is followed from its next await on. Undefined when it worked. */
export function followTurns(turns: TurnSwitch): WhyLeft | undefined {
  return attempt(() => {
    v8.promiseHooks.createHook({
      init(promise: TurnPromise) {
        const turn = turns.running();
        if (turn !== undefined) promise[turnOf] = turn;
      },
      before(promise: TurnPromise) {
        const turn = promise[turnOf];
        // What goes on after its turn has settled is nobody's.
        if (turn !== undefined && !turn.settled) turns.resume(turn);
      },
      after() {
        const turn = turns.running();
        if (turn !== undefined) turns.suspend(turn);
      },
    });
  });
}
