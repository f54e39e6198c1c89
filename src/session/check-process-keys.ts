// The keys of poolscope.json that shape the runtime process: its environment and its flags. What can be no process's is refused
// here, since the operating system and Node would say so without naming the key, or not at all.

import { resolve } from "node:path";
import { checkStrings, ConfigurationError } from "./check-keys.ts";
import { shown } from "./shown-value.ts";

export function checkEnvironment(value: unknown, where: string): Readonly<Record<string, string>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new ConfigurationError(`${where}: give an object of strings.`);
  }
  for (const [name, text] of Object.entries(value)) {
    if (name === "" || /[=\0]/.test(name)) {
      throw new ConfigurationError(
        `${where}: ${shown(name)} is no variable's name: it is empty, or holds = or a NUL character.`,
      );
    }
    // The value itself may be a secret.
    if (typeof text !== "string") {
      throw new ConfigurationError(
        `${where}: ${shown(name)} is no string; give an object of strings.`,
      );
    }
    if (text.includes("\0")) {
      throw new ConfigurationError(
        `${where}: the value of ${shown(name)} holds a NUL character, which no variable can.`,
      );
    }
  }
  return value as Readonly<Record<string, string>>;
}

/** With these Node runs something else than the handlers, or nothing. */
const otherPurposes: ReadonlySet<string> = new Set([
  ...["-", "--", "-e", "--eval", "-p", "-pe", "--print", "-c", "--check", "-i", "--interactive"],
  ...["-v", "--version", "-h", "--help", "--v8-options", "--completion-bash"],
  ...["--test", "--run", "--watch", "--watch-path", "--build-snapshot", "--build-snapshot-config"],
  ...["--experimental-sea-config", "--prof-process"],
]);

/** Whether there is such a flag, the Node that is to run knows. */
export function checkFlags(value: unknown, where: string): readonly string[] {
  const flags = checkStrings(value, where);
  for (const [index, flag] of flags.entries()) {
    const place = `${where}, ${shown(flag)}`;
    if (flag === "" || flag.includes("\0")) {
      throw new ConfigurationError(`${place}: a flag is not empty and holds no NUL character.`);
    }
    const [name = ""] = flag.split("=");
    if (otherPurposes.has(name)) {
      throw new ConfigurationError(`${place}: with it Node would not run the handlers.`);
    }
    if (flag.startsWith("-") || takesValue(flags[index - 1])) continue;
    throw new ConfigurationError(
      `${place}: give flags of Node, such as "--max-old-space-size=4096".`,
    );
  }
  return flags;
}

function takesValue(before: string | undefined): boolean {
  return before !== undefined && before.startsWith("-") && !before.includes("=");
}

/** Paths that begin with ./ or ../ are relative to the file that says them. */
export function flagsBeside(flags: readonly string[], folder: string): readonly string[] {
  return flags.map((flag) => {
    const [, start = "", path = ""] = /^(--?[^=]+=)?(\.\.?[/\\].*)$/s.exec(flag) ?? [];
    return path === "" ? flag : start + resolve(folder, path);
  });
}
