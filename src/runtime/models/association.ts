// Which thread may run an event (POSA2: handle/thread association). Unbound: any. Bound: the one that the event's object belongs to,
// its key or else its type; the event goes to that thread's lane, and the thread takes it whether it leads or not. Hybrid: events with
// a key are bound, those without run anywhere.

export const associations = ["unbound", "bound", "hybrid"] as const;
export type Association = (typeof associations)[number];
