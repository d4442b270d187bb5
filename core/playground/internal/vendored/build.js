// Makes vendor.js and the file with its licences, in ../../web or in the folder that is named. Given the same lock
// file it makes the same bytes, everywhere.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const web = process.argv[2] ?? join(here, "../../web");
const libraries = [["preact", "LICENSE"], ["htm", "LICENSE"], ["streaming-markdown", "license"]];

const read = (library, name) => readFileSync(join(here, "node_modules", library, name), "utf8").replaceAll("\r\n", "\n").trim();
const about = libraries.map(([library, file]) => {
  const { version, license } = JSON.parse(read(library, "package.json"));
  const text = read(library, file);
  return { name: `${library} ${version}`, license, text, copyright: /^\s*Copyright.*$/m.exec(text)[0].trim() };
});

// The licences want their notices in every copy, so they travel inside the file, too.
const mit = about.find(({ license }) => license === "MIT").text.split("\n").slice(4).join("\n").trim();
const notice = [
  "Made by go generate ./core/playground. Do not edit.",
  ...about.map(({ name, license, copyright }) => `${name}: ${license}, ${copyright}`),
  "Apache-2.0: http://www.apache.org/licenses/LICENSE-2.0",
  `MIT: ${mit.replace(/\s+/g, " ")}`,
].join("\n");

await build({
  entryPoints: [join(here, "entry.js")],
  outfile: join(web, "vendor.js"),
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  legalComments: "none",
  banner: { js: `/*\n${notice}\n*/` },
});

writeFileSync(join(web, "vendor.licenses.txt"),
  `vendor.js holds parts of these libraries.\n\n${about.map(({ name, text }) => `${name}\n${"=".repeat(name.length)}\n\n${text}\n`).join("\n")}`);
