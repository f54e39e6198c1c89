// Our pool's handler module.

import { run } from "./tasks.js";

export const task = (event) => run(event.payload);
