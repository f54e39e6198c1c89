// What the pool's threads do with their time, by looking at their state rows now and then: nothing is measured for each event.
// Shares are over the last looks, so they follow what happens within some seconds.

import { StateRow } from "../../recorder/state-row.ts";
import { roleCode } from "../../trace/role.ts";
import type { PoolMemory } from "../memory/pool-memory.ts";
import type { Utilisation } from "../pool-front.ts";

const lookEveryMillis = 20;
const looksKept = 500;

interface Look {
  readonly members: number;
  readonly leader: number;
  readonly processing: number;
  readonly waitingForLock: number;
}

export class RoleSampler {
  readonly #memory: PoolMemory;
  readonly #members: () => readonly number[];
  readonly #looks: Look[] = [];
  readonly #timer: NodeJS.Timeout;
  #count = 0;

  /** `members` are the seats of the threads that have joined. The timer keeps no process alive. */
  constructor(memory: PoolMemory, members: () => readonly number[]) {
    this.#memory = memory;
    this.#members = members;
    this.#timer = setInterval(() => this.#look(), lookEveryMillis).unref();
    this.#look();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  shares(): Utilisation {
    const sum = (pick: (look: Look) => number): number =>
      this.#looks.reduce((total, look) => total + pick(look), 0);
    const members = Math.max(
      1,
      sum((look) => look.members),
    );
    const leading = sum((look) => look.leader) / members;
    const processing = sum((look) => look.processing) / members;
    const lockWait = sum((look) => look.waitingForLock) / members;
    return { leading, processing, following: Math.max(0, 1 - leading - processing), lockWait };
  }

  #look(): void {
    const { words } = this.#memory;
    let leader = 0;
    let processing = 0;
    let waitingForLock = 0;
    const members = this.#members();
    for (const seat of members) {
      const { role, waitsForLockPlus1 } = new StateRow(words, this.#memory.stateRow(seat)).read();
      if (role === roleCode.leader) leader++;
      if (role === roleCode.processing) processing++;
      if (waitsForLockPlus1 !== 0) waitingForLock++;
    }
    const look = { members: members.length, leader, processing, waitingForLock };
    this.#looks[this.#count++ % looksKept] = look;
  }
}
