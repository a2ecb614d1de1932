// docs/reliability.md: what happens under each fault of the catalogue, written from the tests. `node reliability.mjs
// --write` writes it.

import "../localnet/quiet.mjs";
import { readdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const root = join(folder, "../..");
export const page = join(root, "docs/reliability.md");
export const howToWrite = "node tests/faults/reliability.mjs --write";

/// How many faults the catalogue has.
export const count = 94;

/// Every test file of a topic.
export const files = readdirSync(folder).filter((name) => name.endsWith(".test.mjs") && name !== "reliability.test.mjs").sort();

/// Every fault that the tests declare, by its number, with the file that it stands in. Nothing is run.
export async function declared() {
  globalThis.faultsAreOnlyListed = true;
  process.env.READYCTL ??= "none";
  const { topics } = await import("./fault.mjs");
  for (const file of files) await import(`./${file}`);
  return topics.flatMap(({ faults, file }) => faults.map((fault) => ({ ...fault, file }))).sort((a, b) => a.number - b.number);
}

const outcomes = { 0: "GO", 1: "NO-GO", 2: "inconclusive", 3: "not to be relied on", 64: "usage error", 65: "malformed input",
  66: "unreadable input", 70: "defect", 73: "output not written", 129: "hung up", 130: "interrupted", 137: "killed", 143: "terminated" };

const cell = (text) => text.replaceAll("|", "\\|").replaceAll("<", "\\<");
const code = (text) => `\`${text.replaceAll("|", "\\|").trim()}\``;
const unique = (list) => [...new Set(list)];

function expected({ cases, awaits }) {
  if (awaits) return "-";
  return unique(cases.map(({ exit }) => exit)).sort((a, b) => a - b).map((exit) => `${outcomes[exit]} (${exit})`).join("<br>");
}

function row(fault) {
  const { number, is, cases = [], awaits, note, file } = fault;
  const words = unique(cases.filter(({ exit }) => exit !== 0).flatMap(({ says }) => says));
  const whens = unique(cases.map(({ when }) => when)).join("; ");
  const what = `**${cell(is)}**${whens ? `: ${cell(whens)}` : ""}${note ? `<br>*${cell(note)}*` : ""}`;
  const proof = awaits ? `awaits ${cell(awaits)}` : `[${file.replace(".test.mjs", "")}](../tests/faults/${file})`;
  return `| ${number} | ${what} | ${expected({ cases, awaits })} | ${words.map(code).join("<br>")} | ${proof} |\n`;
}

/// The page as it must be.
export async function text() {
  const faults = await declared();
  const met = faults.filter(({ awaits }) => !awaits);
  const cases = met.reduce((sum, fault) => sum + fault.cases.length, 0);
  return `# Reliability

> Written by \`tests/faults/reliability.mjs\` from the tests. Do not edit it here.

What readyctl does when an endpoint, a network, a file, a key or the machine fails, or lies. Of ${count} faults ${met.length} can be
met by today's commands: each is a test that runs the real binary, ${cases} cases in all. The others wait for a feature.

In no case is there a crash, a hang or a GO that should not be. Where GO (0) stands, the table says when: the fault passed,
another endpoint answered, or what looked wrong is not.

- **expected**: what the run comes to, and its [exit code](exit-codes.md). A fault of an endpoint is given for a run that has
  no other one; with a sound endpoint behind it, the same tests see that one answer.
- **the message says**: words that stand in what people read, in one case or another.

| # | fault, and the cases that are run | expected | the message says | test |
| --- | --- | --- | --- | --- |
${faults.map(row).join("")}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] !== "--write") throw new Error(`to write the page: ${howToWrite}`);
  writeFileSync(page, await text());
  console.log(relative(root, page));
}
