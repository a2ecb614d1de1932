// The pages of docs/ agree with the binary, with the code and with each other.

import assert from "node:assert/strict";
import { test } from "node:test";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { folder as referenceFolder, howToWrite, pages } from "./reference.mjs";
import { Cluster, folder, packs, readyctl, root } from "./readyctl.mjs";

const require = createRequire(join(root, "tests/localnet/package.json"));
const Ajv = require("ajv/dist/2020.js").default;

const read = (...path) => readFileSync(join(root, ...path), "utf8");
const markdown = ["README.md", ...readdirSync(join(root, "docs"), { recursive: true })
  .filter((name) => name.endsWith(".md")).map((name) => join("docs", name))];

for (const [name, said] of Object.entries(pages())) {
  test(`docs/reference/${name} says what the binary says`, () => {
    const path = join(referenceFolder, name);
    const written = existsSync(path) ? readFileSync(path, "utf8") : "";
    const stale = said.split("\n").find((line, i) => line !== written.split("\n")[i]);
    assert.ok(said === written, `${relative(root, path)} is stale, beginning where the binary says "${stale}"; run: ${howToWrite}`);
  });
}

test("docs/reference/ holds no other page", () => {
  assert.deepEqual(readdirSync(referenceFolder).sort(), Object.keys(pages()).sort());
});

/// { code: meaning } of every match of a pattern with two groups.
const meanings = (text, pattern) => Object.fromEntries([...text.matchAll(pattern)].map(([, ...found]) => found));

test("docs/exit-codes.md says what include/readyctl/exit_code.hpp says", () => {
  const inCode = meanings(read("include/readyctl/exit_code.hpp").replace(/\/\/\/ (.*)\n\s*\w+ = (\d+),/g, "$2 = $1"), /^\s*(\d+) = (.*)$/gm);
  const inDocs = meanings(read("docs/exit-codes.md"), /^\| (\d+) \| (.*) \|$/gm);
  assert.ok(Object.keys(inCode).length > 0);
  assert.deepEqual(inDocs, inCode);
});

test("every exit code is in the footer of --help and in README.md", () => {
  const codes = [...read("docs/exit-codes.md").matchAll(/^\| (\d+) \|/gm)].map(([, code]) => code);
  const readme = read("README.md").split("## Exit codes")[1].split("##")[0];
  const footer = readyctl("--help").stdout.split("Exit status:")[1];
  for (const code of codes) {
    for (const [where, text] of Object.entries({ readme, footer })) assert.match(text, new RegExp(`\\b${code}\\b`), where);
  }
});

const withoutCode = (text) => text.replace(/^```[\s\S]*?^```$/gm, "").replace(/`[^`\n]*`/g, "");

test("a relative link leads to a file that exists", () => {
  const broken = [];
  for (const page of markdown) {
    for (const [, target] of withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:|^#/.test(target)) continue;
      if (!existsSync(join(root, dirname(page), target.split("#")[0]))) broken.push(`${page}: ${target}`);
    }
  }
  assert.deepEqual(broken, []);
});

test("README.md leads to every page of docs/", () => {
  const linked = [...read("README.md").matchAll(/\]\((docs\/[^)#]+)/g)].map(([, target]) => target);
  assert.deepEqual(markdown.filter((page) => page !== "README.md" && !linked.includes(page)), []);
});

/// The blocks of a language in a page.
const blocks = (page, language) =>
  [...read(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map(([, text]) => text);

const examples = (apiVersion) => markdown.flatMap((page) => blocks(page, "json").map((text) => ({ page, text })))
  .filter(({ text }) => JSON.parse(text).apiVersion === apiVersion);

test("readyctl lint accepts every pack that docs/ shows", () => {
  const shown = examples("readyctl.gates/v1");
  assert.ok(shown.length > 0);
  for (const { page, text } of shown) {
    const path = join(folder(), "shown.gates.json");
    writeFileSync(path, text);
    const { status, stderr } = readyctl("lint", path);
    assert.equal(status, 0, `${page}: ${stderr}`);
  }
});

for (const what of ["release", "trust"]) {
  test(`the schema accepts every ${what} file that docs/ shows`, () => {
    const shown = examples(`readyctl.${what}/v1`);
    assert.ok(shown.length > 0);
    const validate = new Ajv({ strict: false }).compile(JSON.parse(read("gates", `${what}.schema.json`)));
    for (const { page, text } of shown) assert.ok(validate(JSON.parse(text)), `${page}: ${JSON.stringify(validate.errors)}`);
  });
}

test("docs/install.md installs the libraries that the binary is linked with, and no others", () => {
  const said = (command, ...args) => spawnSync(command, args, { encoding: "utf8" }).stdout;
  const needed = [...said("readelf", "-d", process.env.READYCTL).matchAll(/\(NEEDED\).*\[(.*)\]/g)].map(([, library]) => library);
  const packages = new Set(needed.map((library) => said("dpkg-query", "--search", `*/${library}`).match(/^([^:\s]+):amd64: /m)?.[1]));
  packages.delete("libc6");
  const listed = [...read("docs/install.md").matchAll(/apt-get install .*--no-install-recommends (.*)$/gm)].map(([, names]) => names.replace(/ \\$/, "").split(" "));
  assert.equal(listed.length, 2);
  const libraries = [...packages, "ca-certificates"].sort();
  assert.deepEqual(listed, [libraries, ["git", "jq", ...libraries]]); // a machine, and an image that jobs run in
});

test("the recipe of docs/report-format.md verifies a report with OpenSSL and jq alone", async () => {
  const cluster = new Cluster();
  try {
    const { out } = await cluster.healthy();
    for (const [name, type] of [["operator", "ed25519"], ["security", "p256"]]) {
      const made = readyctl("keygen", join(out, `${name}.pem`), "--type", type);
      writeFileSync(join(out, `${name}.pub`), made.stdout.slice(made.stdout.indexOf("-----BEGIN")));
    }
    const report = join(out, "report.json");
    const run = readyctl("run", ...packs, "--release", join(out, "release.json"), "--endpoints", join(out, "endpoints.json"),
      "--phase", "post-deploy", "--key", join(out, "operator.pem"), "--key", join(out, "security.pem"), "--report", report);
    assert.equal(run.status, 0, run.stderr);
    const [recipe] = blocks("docs/report-format.md", "sh");
    const follow = () => spawnSync("bash", ["-euo", "pipefail", "-c", recipe], { cwd: out, encoding: "utf8" });
    const followed = follow();
    assert.equal(followed.status, 0, followed.stderr);
    for (const words of ["Signature Verified Successfully", "Verified OK", "report.json.evidence: OK", "artifact/program.so: OK", '"verdict": "go"']) {
      assert.ok(followed.stdout.includes(words), `${words} is not in:\n${followed.stdout}`);
    }
    writeFileSync(`${report}.evidence`, "another");
    assert.notEqual(follow().status, 0);
  } finally {
    cluster.stop();
  }
});
