// What the threads do under random schedules. Plain reads and writes of `data` between two steps are atomic here, so
// `pause` stands wherever another thread must have the chance to break in.

import { BarrierBrokenError } from "../../../src/sync/barrier.ts";
import { DeadlockError } from "../../../src/sync/deadlock.ts";
import { step } from "../../../src/sync/step.ts";
import { wrong, type Scenario, type ScenarioWorld } from "./scenario.ts";

const count = 0;
const readers = 1;
const writers = 2;
const inside = 3;
const items = 4;
const closed = 5;
const eaten = 6;
const broken = 7;
export const cells = { count, readers, writers, inside, items, closed, eaten, broken } as const;

function pause(): void {
  step("load", "pause", 0);
}

function add(data: Int32Array, cell: number, change: number): number {
  return (data[cell] = (data[cell] ?? 0) + change);
}

/** Loses an addition if two are in here at once. */
function increment({ data }: ScenarioWorld): void {
  const seen = data[count] ?? 0;
  pause();
  data[count] = seen + 1;
}

function exclusive(name: string, fair: boolean): Scenario {
  return (world) => {
    for (let round = 0; round < 2; round++) {
      world
        .turn(1)
        .mutex(name, { fair })
        .run(() => increment(world));
    }
  };
}

function exclusiveAsync(name: string, fair: boolean): Scenario {
  return async (world) => {
    const one = async (turn: number): Promise<void> => {
      const guard = await world.turn(turn).mutex(name, { fair }).acquireAsync();
      increment(world);
      await Promise.resolve();
      guard.release();
    };
    await Promise.all([one(1), one(2), one(3)]);
  };
}

/**
 * Worker 1 holds A for a while. A turn of worker 2 waits for A, and its thread then blocks on B, which worker 3 has while it
 * waits for A: whoever is woken when A is free, worker 3 must get it.
 */
function asyncWaiterIsStuck(fair: boolean): Scenario {
  return async (world) => {
    const a = world.turn(1).mutex("a", { fair });
    const b = world.turn(2).mutex("b", { fair });
    if (world.worker === 1) a.run(pause);
    if (world.worker === 3) {
      retryDeadlock(() => b.run(() => a.run(pause)));
    }
    if (world.worker !== 2) return;
    const later = a.acquireAsync().then((guard) => guard.release());
    retryDeadlock(() => b.run(pause));
    await later;
  };
}

function retryDeadlock(body: () => void): void {
  try {
    body();
  } catch (error) {
    if (!(error instanceof DeadlockError)) throw error;
  }
}

function read({ data }: ScenarioWorld): void {
  add(data, readers, 1);
  pause();
  if ((data[writers] ?? 0) > 0) add(data, wrong, 1);
  add(data, readers, -1);
}

function write(world: ScenarioWorld): void {
  const { data } = world;
  add(data, writers, 1);
  if ((data[writers] ?? 0) > 1) add(data, wrong, 1);
  increment(world);
  if ((data[readers] ?? 0) > 0) add(data, wrong, 1);
  add(data, writers, -1);
}

function readWrite(fair: boolean): Scenario {
  return (world) => {
    const { read: reading, write: writing } = world.turn(1).rwLock("rw", { fair });
    for (let round = 0; round < 2; round++) {
      if (world.worker % 2 === 0) reading.run(() => read(world));
      else writing.run(() => write(world));
    }
  };
}

const readWriteAsync: Scenario = async (world) => {
  const one = async (turn: number): Promise<void> => {
    const { read: reading, write: writing } = world.turn(turn).rwLock("rw");
    const isReader = (world.worker + turn) % 2 === 0;
    const guard = await (isReader ? reading : writing).acquireAsync();
    if (isReader) read(world);
    else write(world);
    await Promise.resolve();
    guard.release();
  };
  await Promise.all([one(1), one(2), one(3)]);
};

/** Gives up at once when it must wait for long, and must leave no trace of it. */
const readWriteTimed: Scenario = (world) => {
  const { read: reading, write: writing } = world.turn(1).rwLock("rw");
  for (let round = 0; round < 2; round++) {
    try {
      const guard = (world.worker % 2 === 0 ? reading : writing).acquire(1);
      if (world.worker % 2 === 0) read(world);
      else write(world);
      guard.release();
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "TimeoutError") throw error;
    }
  }
  writing.run(pause);
};

function fairTimed(): Scenario {
  return (world) => {
    const mutex = world.turn(1).mutex("m", { fair: true });
    for (let round = 0; round < 2; round++) {
      try {
        const guard = mutex.acquire(1);
        pause();
        guard.release();
      } catch (error) {
        if (!(error instanceof Error) || error.name !== "TimeoutError") throw error;
      }
    }
    mutex.run(() => increment(world));
  };
}

const permits: Scenario = async (world) => {
  const { data } = world;
  const one = async (turn: number): Promise<void> => {
    const semaphore = world.turn(turn).semaphore("two", 2);
    const guard = turn === 1 ? await semaphore.acquireAsync() : semaphore.acquire();
    if (add(data, inside, 1) > 2) add(data, wrong, 1);
    pause();
    add(data, inside, -1);
    guard.release();
    add(data, count, 1);
  };
  await one(1);
  await one(2);
};

/** Worker 1 makes four items and closes; the others take what is there, blocking or not. */
function produce(world: ScenarioWorld): void {
  const { data } = world;
  const sync = world.turn(1);
  for (let item = 0; item < 4; item++) {
    sync.mutex("m").run(() => add(data, items, 1));
    sync.condition("filled").notifyOne();
  }
  sync.mutex("m").run(() => add(data, closed, 1));
  sync.condition("filled").notifyAll();
}

const conditionBlocking: Scenario = (world) => {
  if (world.worker === 1) return produce(world);
  const { data } = world;
  const sync = world.turn(1);
  for (;;) {
    const guard = sync.mutex("m").acquire();
    while (data[items] === 0 && data[closed] === 0) sync.condition("filled").wait(guard);
    if (data[items] === 0) return guard.release();
    add(data, items, -1);
    add(data, eaten, 1);
    guard.release();
  }
};

const conditionAsync: Scenario = async (world) => {
  if (world.worker === 1) return produce(world);
  const { data } = world;
  const consume = async (turn: number): Promise<void> => {
    const sync = world.turn(turn);
    for (;;) {
      const guard = await sync.mutex("m").acquireAsync();
      while (data[items] === 0 && data[closed] === 0) {
        await sync.condition("filled").waitAsync(guard);
      }
      if (data[items] === 0) return guard.release();
      add(data, items, -1);
      add(data, eaten, 1);
      guard.release();
    }
  };
  await Promise.all([consume(1), consume(2)]);
};

/** Exactly as many waits end by a notify as there were notifies, however many times out. */
const conditionTimed: Scenario = (world) => {
  const { data } = world;
  const sync = world.turn(1);
  const guard = sync.mutex("m").acquire();
  if (world.worker === 1) {
    sync.condition("c").notifyOne();
    return guard.release();
  }
  if (sync.condition("c").wait(guard, 1)) add(data, count, 1);
  guard.release();
};

const meet: Scenario = async (world) => {
  const { data } = world;
  const barrier = world.turn(1).barrier("all", 3);
  try {
    for (let round = 1; round <= 2; round++) {
      add(data, count, 1);
      const last = world.worker === 1 ? await barrier.waitAsync() : barrier.wait();
      if ((data[count] ?? 0) < round * 3) add(data, wrong, 1);
      if (last) add(data, inside, 1);
    }
  } catch (error) {
    if (!(error instanceof BarrierBrokenError)) throw error;
    add(data, broken, 1);
  }
};

export const scenarios: readonly (readonly [string, Scenario])[] = [
  ["mutex", exclusive("m", false)],
  ["fair mutex", exclusive("m", true)],
  ["mutex, async", exclusiveAsync("m", false)],
  ["fair mutex, async", exclusiveAsync("m", true)],
  ["fair mutex, timed", fairTimed()],
  ["mutex, a waiter's thread is blocked", asyncWaiterIsStuck(false)],
  ["fair mutex, a waiter's thread is blocked", asyncWaiterIsStuck(true)],
  ["reader/writer lock", readWrite(false)],
  ["reader/writer lock, fair", readWrite(true)],
  ["reader/writer lock, async", readWriteAsync],
  ["reader/writer lock, timed", readWriteTimed],
  ["semaphore", permits],
  ["condition", conditionBlocking],
  ["condition, async", conditionAsync],
  ["condition, timed", conditionTimed],
  ["barrier", meet],
];
