// Which thread may run an event (POSA2: handle/thread association). Unbound: any. Bound: events with a key belong to one thread,
// whose lane they go to; the thread takes them whether it leads or not.

export const associations = ["unbound", "bound"] as const;
export type Association = (typeof associations)[number];
