// All scenarios, in the order in which they run.

import { hostileTrusted, hostileUntrusted } from "./hostile-trace.ts";
import { models } from "./models.ts";
import { profileToFix } from "./profile-to-fix.ts";
import {
  configurations,
  failures,
  killed,
  noHandlers,
  refused,
  runsView,
  serverDies,
  sizeLimit,
  stopped,
  untrusted,
} from "./runs.ts";
import {
  contrastAndNarrow,
  culpritAndVictim,
  cutAndNone,
  figuresAgree,
  keysAndReload,
  lanesAgree,
} from "./saved-traces.ts";
import type { Scenario } from "./scenario.ts";
import { compared, deadlocked } from "./verdicts.ts";

export const scenarios: readonly Scenario[] = [
  profileToFix,
  figuresAgree,
  culpritAndVictim,
  lanesAgree,
  cutAndNone,
  keysAndReload,
  contrastAndNarrow,
  stopped,
  configurations,
  failures,
  killed,
  serverDies,
  sizeLimit,
  refused,
  noHandlers,
  runsView,
  deadlocked,
  compared(),
  models,
  hostileTrusted,
  hostileUntrusted,
  untrusted,
];
