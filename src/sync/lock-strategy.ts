// How one kind of lock is taken, waited for and given back (POSA2: Strategized Locking). ScopedLock does what all kinds share:
// sites, records, time limits, deadlocks, guards.

/** Who has the lock, as far as it is known: thread -1 for nobody in particular. */
export interface Owner {
  readonly thread: number;
  readonly acquisition: number;
}

/** What a waiter sleeps on until it differs from `expected`. */
export interface Sleep {
  readonly index: number;
  readonly expected: number;
  readonly owner: Owner;
}

/** One wait, from enter until it is taken or given up. */
export interface Waiter {
  readonly blocking: boolean;
  /** The strategy's own. */
  state: number;
}

export interface Taken {
  readonly acquisition: number;
  /** Thread that died while it held the lock, -1 for none. */
  readonly abandonedBy: number;
}

export interface LockStrategy {
  /** Readers share the lock with each other. */
  readonly shared: boolean;
  /** Whether a hold belongs to a thread that others may wait for: what deadlocks and lock orders are made of. */
  readonly owned: boolean;
  /** A glance before trying, while spinning. */
  looksFree(): boolean;
  /** Whether a turn of this thread has what keeps its others out: the lock, or its turn at it while readers leave. */
  isOurs(): boolean;
  /** Takes the lock and returns undefined, or says who has it. */
  tryTake(): Owner | undefined;
  /** From here on whoever gives the lock back sees that this waiter is there. */
  enter(waiter: Waiter): void;
  /** Takes the lock and returns undefined, or says what to sleep on. Called again after each wake. */
  takeOrSleep(waiter: Waiter): Sleep | undefined;
  /** Ends a wait without the lock. False when the lock was given to this waiter meanwhile: it has it then. */
  giveUp(waiter: Waiter): boolean;
  /** Notes a hold that has just begun. */
  taken(turn: number, site: number): Taken;
  /** Gives the lock back; true when somebody waited. */
  release(): boolean;
}
