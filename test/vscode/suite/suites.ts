// The suites, in the order in which they run: the first asserts what is not loaded yet.

import "./activation.ts";
import "./findings.ts";
import "./edits.ts";
import "./runs.ts";
