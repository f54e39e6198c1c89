// A pool thread's present role, told to its state row and the recording at each change.

import { codes } from "../../recorder/codes.ts";
import type { Recorder } from "../../recorder/recorder.ts";
import type { StateRow } from "../../recorder/state-row.ts";
import { roleCode, type Role } from "../../trace/role.ts";

export class ThreadRole {
  readonly #recorder: Recorder;
  readonly #stateRow: StateRow;
  #now: Role = "outside";

  constructor(recorder: Recorder, stateRow: StateRow) {
    this.#recorder = recorder;
    this.#stateRow = stateRow;
  }

  get now(): Role {
    return this.#now;
  }

  /** For a leader: `generation` is the leadership's, `set` the handle set that it leads. */
  enter(role: Role, generation = 0, set = 0): void {
    this.#now = role;
    this.#stateRow.setRole(role);
    if (this.#recorder.scheduling) {
      this.#recorder.record(codes.roleChanged, 0, roleCode[role], 0, set, generation, 0);
    }
  }
}
