/**
 * Build static/build/ from assets/ and the locked packages.
 *
 * The new folder is made whole beside the old one and then takes its place, so
 * that a build that is cut off leaves the last good one. Fails when the result
 * would load anything from elsewhere or carry what is not ours to use.
 */
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { build } from "esbuild";
import { Logger, compileAsync } from "sass";

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const OUT = path.join(ROOT, "static", "build");
const NEXT = `${OUT}.next`;
const MOJ_IMAGES = path.join(
  ROOT,
  "node_modules/@ministryofjustice/frontend/moj/assets/images",
);
// The typeface, the arms and the crown belong to GOV.UK and the Crown.
const NOT_OURS = /GDS Transport|crest|crown|logotype/i;
const ELSEWHERE = /url\(\s*["']?(?:https?:|\/\/|data:)|@import/i;

// MoJ Frontend still calls a mixin that GOV.UK Frontend has deprecated, and sets the
// switch that would silence it.
const OUR_WARNINGS = {
  warn: (message) => {
    if (!message.includes("govuk-suppressed-warnings")) console.warn(message);
  },
  debug: Logger.silent.debug,
};

/** Compile the stylesheet and copy the images that it names. */
async function buildStyles() {
  const { css } = await compileAsync(path.join(ROOT, "assets/scss/app.scss"), {
    loadPaths: [ROOT],
    logger: OUR_WARNINGS,
    quietDeps: true,
    style: "compressed",
  });
  if (NOT_OURS.test(css) || ELSEWHERE.test(css)) {
    throw new Error("The stylesheet names something that is not ours or not here.");
  }
  const images = [...css.matchAll(/url\(["']?images\/([\w.-]+)["']?\)/g)];
  for (const name of new Set(images.map((match) => match[1]))) {
    await cp(path.join(MOJ_IMAGES, name), path.join(NEXT, "images", name));
  }
  await writeFile(path.join(NEXT, "app.css"), css);
}

/** Bundle the script of the site, those of keys, charts and sessions, each as a module. */
async function buildScript() {
  await build({
    entryPoints: ["app", "early", "key", "network", "stay"].map((name) =>
      path.join(ROOT, `assets/js/${name}.js`),
    ),
    bundle: true,
    external: ["./stay.js"],
    format: "esm",
    legalComments: "none",
    logLevel: "warning",
    minify: true,
    outdir: NEXT,
    target: ["es2022"],
  });
}

/** Put a gzip and a brotli copy beside each text, for whoever takes one. */
async function compress() {
  const texts = (await readdir(NEXT)).filter((name) => /\.(css|js)$/.test(name));
  for (const name of texts) {
    const file = path.join(NEXT, name);
    const text = await readFile(file);
    await writeFile(`${file}.gz`, gzipSync(text, { level: 9 }));
    await writeFile(`${file}.br`, brotliCompressSync(text));
  }
}

await rm(NEXT, { recursive: true, force: true });
await mkdir(path.join(NEXT, "images"), { recursive: true });
await cp(path.join(ROOT, "assets/images"), path.join(NEXT, "images"), {
  recursive: true,
});
await Promise.all([buildStyles(), buildScript()]);
await compress();
await rm(OUT, { recursive: true, force: true });
await rename(NEXT, OUT);

for (const name of (await readdir(OUT)).sort()) {
  if (!name.includes(".")) continue;
  const kilobytes = (await readFile(path.join(OUT, name))).length / 1024;
  console.log(`static/build/${name}  ${kilobytes.toFixed(0)} KB`);
}
