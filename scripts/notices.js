// The packages that are in the bundles, with their licences' texts: ThirdPartyNotices.txt, which ships with them. The build calls it
// with esbuild's metafiles, so that what is named is what is really bundled.

import fs from "node:fs";
import path from "node:path";

/** Under these names packages lay down what must go with their code. */
const licenceFile = /^(licen[cs]es?|copying|notice|third-?party-?notices?)\b/i;

/**
 * By name and version, each once. A file's packages are all that have a manifest on the way up from it: one may bring another
 * along, as amaro does. `root` is where esbuild ran.
 */
export function bundledPackages(metafiles, root = ".") {
  const packages = new Map();
  for (const file of metafiles.flatMap(bundledFiles)) {
    for (const folder of foldersOf(file)) {
      const found = packageIn(path.join(root, folder));
      if (found !== undefined) packages.set(`${found.name} ${found.version}`, found);
    }
  }
  return [...packages.values()].sort((first, second) => (first.name < second.name ? -1 : 1));
}

/** The text; a package without a licence's text is an error, since it may not be shipped so. */
export function noticesText(packages) {
  const without = packages.filter(({ texts }) => texts.length === 0);
  if (without.length > 0) {
    const names = without.map(({ name, version, folder }) => `${name} ${version} (${folder})`);
    throw new Error(
      `No licence's text was found for ${names.join(", ")}; a package that is bundled needs one, or must go.`,
    );
  }
  const head =
    "Poolscope's bundles contain the packages below, under the licences that stand with each.";
  const sections = packages.map(({ name, version, licence, texts }) =>
    [`${name} ${version}`, `Licence: ${licence}`, "", ...texts.map((text) => text.trim())].join(
      "\n",
    ),
  );
  return `${[head, ...sections].join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}

/** Of outputs, not of inputs: what was left out as unused is not shipped. */
function bundledFiles({ outputs }) {
  return Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs)
      .filter(([file, { bytesInOutput }]) => bytesInOutput > 0 && file.includes("node_modules/"))
      .map(([file]) => file),
  );
}

/** From the file's own up to the package's that node_modules has. */
function foldersOf(file) {
  const folders = [];
  for (let folder = path.posix.dirname(file); !/(^|\/)(node_modules|\.)$/.test(folder);) {
    folders.push(folder);
    folder = path.posix.dirname(folder);
  }
  return folders;
}

function packageIn(folder) {
  const manifest = path.join(folder, "package.json");
  if (!fs.existsSync(manifest)) return undefined;
  const { name, version, license } = JSON.parse(fs.readFileSync(manifest, "utf8"));
  // A manifest that only says how its folder's files are loaded.
  if (name === undefined || version === undefined) return undefined;
  const texts = fs
    .readdirSync(folder)
    .filter((file) => licenceFile.test(file))
    .sort()
    .map((file) => fs.readFileSync(path.join(folder, file), "utf8"));
  return { name, version, licence: licenceName(license), texts, folder };
}

/** Old manifests have an object, or none at all. */
function licenceName(license) {
  return typeof license === "string" ? license : (license?.type ?? "see below");
}
