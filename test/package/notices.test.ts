// ThirdPartyNotices.txt names each package that ships, and ships with them; what has no licence's text is not bundled.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

interface Bundled {
  readonly name: string;
  readonly version: string;
  readonly texts: readonly string[];
}

const { bundledPackages, noticesText } = (await import(
  pathToFileURL(resolve("scripts/notices.js")).href
)) as {
  bundledPackages(metafiles: readonly object[], root?: string): readonly Bundled[];
  noticesText(packages: readonly Bundled[]): string;
};

/** Name and version of every package that the bundles' source maps know of; made in another way than the notices. */
function shipped(): string[] {
  const folders = readdirSync("dist")
    .filter((file) => file.endsWith(".map"))
    .flatMap((file) => {
      const { sources } = JSON.parse(readFileSync(join("dist", file), "utf8")) as {
        readonly sources: readonly string[];
      };
      return sources.flatMap((source) => {
        const found = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(source);
        return found === null ? [] : [resolve("dist", found[0])];
      });
    });
  const names = folders.map((folder) => {
    const text = readFileSync(join(folder, "package.json"), "utf8");
    const { name, version } = JSON.parse(text) as Bundled;
    return `${name} ${version}`;
  });
  return [...new Set(names)].toSorted();
}

const manifest = (name: string): string =>
  JSON.stringify({ name, version: "1.2.3", license: "MIT" });
const metafile = (inputs: Readonly<Record<string, number>>): object => ({
  outputs: {
    "dist/a.js": {
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([file, bytesInOutput]) => [file, { bytesInOutput }]),
      ),
    },
  },
});

describe("the notices of others' licences", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "poolscope-notices-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  it("name each package that is in a bundle, with its version, its licence and its text", () => {
    const sections = readFileSync("ThirdPartyNotices.txt", "utf8").split(
      `\n\n${"-".repeat(80)}\n\n`,
    );
    const names = shipped();
    assert.ok(names.length > 15, names.join(", "));
    for (const name of names) {
      const section = sections.find((each) => each.startsWith(`${name}\nLicence: `));
      assert.ok(section !== undefined, `${name} is named`);
      assert.ok(section.length > 500, `${name} has its text`);
    }
    // Compiled by others into a package that is bundled.
    assert.ok(sections.some((each) => each.startsWith("@swc/") && each.includes("Apache License")));
  });

  it("ship in both packages", () => {
    const vsce = resolve("node_modules/@vscode/vsce/vsce");
    const options = { encoding: "utf8", shell: process.platform === "win32" } as const;
    const extension = execFileSync(process.execPath, [vsce, "ls", "--no-dependencies"], options);
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const flags = ["pack", "--dry-run", "--json", "--ignore-scripts"];
    const [library] = JSON.parse(execFileSync(npm, flags, options)) as readonly {
      readonly files: readonly { readonly path: string }[];
    }[];
    for (const file of ["ThirdPartyNotices.txt", "LICENSE", "SECURITY.md"]) {
      assert.ok(extension.split("\n").includes(file), `the extension has ${file}`);
      assert.ok(
        library?.files.some(({ path }) => path === file),
        `the library has ${file}`,
      );
    }
  }).timeout(60_000);

  it("are of what is bundled: not of what was left out, and of a package within a package too", () => {
    write("node_modules/used/package.json", manifest("used"));
    write("node_modules/used/LICENSE", "Use it.");
    write("node_modules/used/lib/package.json", '{ "type": "module" }');
    write("node_modules/used/lib/inner/package.json", manifest("inner"));
    write("node_modules/used/lib/inner/COPYING.txt", "Copy it.");
    write("node_modules/@of/used/node_modules/deep/package.json", manifest("deep"));
    write("node_modules/@of/used/node_modules/deep/licence.md", "Go deep.");
    const files = {
      "src/own.ts": 5,
      "node_modules/used/lib/inner/index.js": 5,
      "node_modules/@of/used/node_modules/deep/index.js": 5,
      "node_modules/left-out/index.js": 0,
    };
    const packages = bundledPackages([metafile(files), metafile(files)], folder);
    assert.deepEqual(
      packages.map(({ name }) => name),
      ["deep", "inner", "used"],
    );
    for (const text of ["Use it.", "Copy it.", "Go deep."]) {
      assert.ok(noticesText(packages).includes(text), text);
    }
  });

  it("can't be made without a licence's text, and the build says of which package", () => {
    write("node_modules/bare/package.json", manifest("bare"));
    const packages = bundledPackages([metafile({ "node_modules/bare/index.js": 5 })], folder);
    assert.throws(() => noticesText(packages), {
      message:
        /^No licence's text was found for bare 1\.2\.3 \(.*bare\); a package that is bundled needs/,
    });
  });
});
