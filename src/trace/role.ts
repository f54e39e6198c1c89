// The roles of a pool thread (POSA2) and which may follow which. Runtime, analysis and tests share this table: it is
// the one definition of a correct pool.

export const roles = ["leader", "processing", "follower", "outside"] as const;

/** `outside`: the thread is starting, loading handlers, or has left the pool. */
export type Role = (typeof roles)[number];

export const roleCode: Readonly<Record<Role, number>> = {
  leader: 0,
  processing: 1,
  follower: 2,
  outside: 3,
};

/** Which role may follow which in one thread. A thread that dies goes from any role to `outside`. */
export const legalTransitions: Readonly<Record<Role, readonly Role[]>> = {
  outside: ["leader", "follower"],
  follower: ["leader", "outside"],
  leader: ["processing", "follower", "outside"],
  processing: ["leader", "follower", "outside"],
};
