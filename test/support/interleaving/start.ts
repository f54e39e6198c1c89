// What the threads of a schedule are given.

export const capacity = 16;
export const threads = 5;

export interface WorkerStart {
  readonly worker: number;
  readonly control: SharedArrayBuffer;
  readonly table: SharedArrayBuffer;
  readonly data: SharedArrayBuffer;
}
