// The worker file of piscina and tinypool.

import { run } from "./tasks.js";

export default run;
