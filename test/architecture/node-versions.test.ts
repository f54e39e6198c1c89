// The versions of Node are named in several places; all say the same. And what is said of a version that is not among them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { testedNodes, tooOldNode, untestedNode } from "../../src/base/node-versions.ts";

const read = (file: string): string => readFileSync(file, "utf8");
const [oldest] = testedNodes;

describe("the versions of Node", () => {
  it("are the same in what is promised, built for, typed for and tested", () => {
    const manifest = JSON.parse(read("package.json")) as {
      readonly engines: { readonly node: string };
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    assert.equal(manifest.engines.node, `>=${oldest}`);
    assert.ok(manifest.devDependencies["@types/node"]?.startsWith(`${oldest}.`));
    assert.match(read("esbuild.js"), new RegExp(`target: "node${oldest}"`));
    assert.match(
      read("scripts/ready.js"),
      new RegExp(`requireNode\\(${oldest.replace(".", ", ")}\\)`),
    );
    assert.match(read(".ci/run"), new RegExp(`^nodes=\\(${testedNodes.join(" ")}\\)$`, "m"));
    const listed = `${testedNodes.slice(0, -1).join(", ")} and ${testedNodes.at(-1) ?? ""}`;
    assert.ok(read("README.md").includes(listed), `README.md names ${listed}`);
  });

  it("are refused when older, told when newer, and no word is lost on the others", () => {
    const versions = fc.tuple(fc.integer({ min: 0, max: 99 }), fc.nat(40), fc.nat(20));
    fc.assert(
      fc.property(versions, ([major, minor, patch]) => {
        const version = `${major}.${minor}.${patch}`;
        const isOlder = major < 20 || (major === 20 && minor < 19);
        const isNewer = major > 26;
        assert.equal(tooOldNode(version) !== undefined, isOlder, version);
        assert.equal(untestedNode(version) !== undefined, isNewer, version);
      }),
    );
    assert.equal(tooOldNode("18.20.8"), "Poolscope needs Node 20.19 or newer; this is 18.20.8.");
    assert.match(untestedNode("28.0.0") ?? "", /^Node 28\.0\.0 is newer than those that .*26\)/);
  });
});
