// A thread's recording ring in shared memory: one producer, one reader. The oldest event is overwritten when the reader is
// late; the head counts events for ever (modulo 2^32), so the reader knows how many it has missed.
//
//   head (int32, own cache line) | events of 32 bytes: time int64 | code + small << 8 | turn | a | b | c | d

const eventBytes = 32;
const headerBytes = 64;
/** Events a ring holds: at 10 ms between drains, room for 6 million a second. */
export const defaultRingEvents: number = 2 ** 16;

export interface Ring {
  readonly head: Int32Array;
  readonly times: BigInt64Array;
  readonly words: Int32Array;
  readonly mask: number;
}

/** `events` must be a power of two. */
export function recordingRing(events: number = defaultRingEvents): SharedArrayBuffer {
  return new SharedArrayBuffer(headerBytes + events * eventBytes);
}

export function openRing(buffer: SharedArrayBuffer): Ring {
  const events = (buffer.byteLength - headerBytes) / eventBytes;
  return {
    head: new Int32Array(buffer, 0, 1),
    times: new BigInt64Array(buffer, headerBytes),
    words: new Int32Array(buffer, headerBytes),
    mask: events - 1,
  };
}
