// Traces that tests record are sealed with a key of their own: the person's configuration folder is left alone. Loaded by mocha
// before any test; what is spawned inherits it.

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "poolscope-configuration-"));
process.env.XDG_CONFIG_HOME = folder;
process.on("exit", () => fs.rmSync(folder, { recursive: true, force: true }));
