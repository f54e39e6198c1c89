// What queueing theory says of events that arrive at random (Poisson) and take exponential times, at n servers of one rate that
// are each busy a share `load` of their time. Mean times from arrival to end, in units of the mean service time.

/** Each event to a random server: n independent M/M/1. */
export function atRandom(load: number): number {
  return 1 / (1 - load);
}

/** In turn: at each server every n-th arrival, E_n/M/1. */
export function inTurn(load: number, servers: number): number {
  // The root in 0 to 1 of: the transform of the times between a server's arrivals, at 1 - root.
  let root = load;
  const rate = servers * load;
  for (let step = 0; step < 200; step++) root = (rate / (rate + 1 - root)) ** servers;
  return 1 / (1 - root);
}

/** The less loaded of two at random, for many servers (Mitzenmacher 2001; Vvedenskaya et al. 1996). */
export function ofTwo(load: number): number {
  let mean = 0;
  for (let level = 1; level < 12; level++) mean += load ** (2 ** level - 2);
  return mean;
}

/** One queue for all, M/M/n (Erlang C): no way of sending events to servers at once can be quicker on the mean. */
export function oneQueue(load: number, servers: number): number {
  const offered = servers * load;
  let term = 1;
  let sum = 0;
  for (let busy = 0; busy < servers; busy++) {
    sum += term;
    term *= offered / (busy + 1);
  }
  const waits = term / (1 - load) / (sum + term / (1 - load));
  return 1 + waits / (servers - offered);
}
