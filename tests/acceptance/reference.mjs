// docs/reference/: pages that say what the binary says. `node reference.mjs --write` writes them; READYCTL is the binary.

import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { readyctl, root } from "./readyctl.mjs";

export const folder = join(root, "docs/reference");
export const howToWrite = `READYCTL=<binary> node ${relative(root, fileURLToPath(import.meta.url))} --write`;

/// Every page that stands in docs/reference, as { name: text }.
export const pages = () => ({ "command-line.md": commandLine(), "gate-kinds.md": gateKinds() });

const note = "> Written by `tests/acceptance/reference.mjs` from what the binary says. Do not edit it here.\n";

function ask(...args) {
  const { status, stdout, stderr } = readyctl(...args);
  if (status !== 0) throw new Error(`readyctl ${args.join(" ")}: ${stderr}`);
  return stdout;
}

// --- gate-kinds.md ----------------------------------------------------------------------------------------------------

const plain = (text) => text.replaceAll("<", "\\<");
const cell = (text) => plain(text).replaceAll("|", "\\|");
const fence = (text) => `\`${text}\``;

function validFor(seconds) {
  if (seconds === null) return "no limit of its own";
  const [size, unit] = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]].find(([size]) => seconds % size === 0);
  return `${seconds / size} ${unit}`;
}

function parameter({ name, type, doc, required }) {
  return `| ${fence(name)} | ${required ? "yes" : "no"} | ${cell(type)} | ${cell(doc)} |\n`;
}

function kindSection(kind) {
  const says = [["Reads", kind.reads], ["Pass", kind.pass], ["Fail", kind.fail], ["Why", kind.why],
    ["Remedy", kind.remedy], ["Valid for", validFor(kind.validForSeconds)]];
  return `## ${kind.kind}\n\n**${kind.asks}**\n\n` +
    says.map(([what, text]) => `- ${what}: ${plain(text)}\n`).join("") +
    "\n| parameter | required | type | meaning |\n| --- | --- | --- | --- |\n" + kind.fields.map(parameter).join("");
}

function gateKinds() {
  const kinds = JSON.parse(ask("gates", "--format", "json"));
  return `# Gate kinds\n\n${note}
What each kind decides, and its parameters in a [gate pack](../gate-packs.md). A dot leads into an object: \`a.b\` is
\`b\` within \`a\`, and required means there. \`readyctl gates KIND\` prints the same.\n
${kinds.map(({ kind, asks }) => `- [${kind}](#${kind}): ${asks}\n`).join("")}
${kinds.map(kindSection).join("\n")}`;
}

// --- command-line.md --------------------------------------------------------------------------------------------------

const footer = /\nExit status:[\s\S]*$/;

/// The names of the subcommands that a help text lists.
function subcommands(help) {
  const listed = help.split("Subcommands:\n")[1]?.replace(footer, "") ?? "";
  return [...listed.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
}

function commandSections(command) {
  const help = ask(...command, "--help");
  const own = `## readyctl ${command.join(" ")}\n\n\`\`\`\n${help.replace(footer, "").trim()}\n\`\`\`\n`;
  return [own, ...subcommands(help).flatMap((name) => commandSections([...command, name]))];
}

function commandLine() {
  const help = ask("--help");
  return `# Command line\n\n${note}
Each command as \`--help\` explains it. What a command returns: [exit codes](../exit-codes.md).\n
\`\`\`\n${help.replace(footer, "").trim()}\n\`\`\`\n
${subcommands(help).flatMap((name) => commandSections([name])).join("\n")}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv[2] !== "--write") throw new Error(`to write the pages: ${howToWrite}`);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(pages())) writeFileSync(join(folder, name), text);
}
