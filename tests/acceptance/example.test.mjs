// The example as a person runs it, and what README.md and docs/ show of it: every command there is run where it says, and
// what it prints is what stands there.

import assert from "node:assert/strict";
import { test } from "node:test";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { folder, root } from "./readyctl.mjs";

/// A folder in which the example runs with the binary under test: what it would install and build is there already.
function exampleFolder() {
  const here = folder();
  const link = (from, to) => { mkdirSync(dirname(join(here, to)), { recursive: true }); symlinkSync(from, join(here, to)); };
  for (const part of ["gates", "tests/localnet", "examples/vault-program"]) link(join(root, part), part);
  link(process.env.READYCTL, "build/release/src/readyctl");
  const script = (path, text) => { mkdirSync(dirname(join(here, path)), { recursive: true }); writeFileSync(join(here, path), text, { mode: 0o755 }); };
  script("examples/run.sh", readFileSync(join(root, "examples/run.sh"), "utf8"));
  for (const tool of ["cmake/packages.sh", "bin/npm", "bin/cmake", "bin/ninja"]) script(tool, `#!/bin/sh\necho "[${tool}]"\n`);
  return here;
}

/// The example, started: what it said so far, its end, and a wait for words of it.
function start(here, args, stdio = ["pipe", "pipe", "pipe"]) {
  const child = spawn(join(here, "examples/run.sh"), args, { stdio, env: { ...process.env, PATH: `${here}/bin:${process.env.PATH}` } });
  const said = { status: null, stdout: "", stderr: "" };
  child.stdout.on("data", (data) => { said.stdout += data; });
  child.stderr.on("data", (data) => { said.stderr += data; });
  const end = new Promise((done) => child.on("close", (status) => done({ ...said, status })));
  const says = (words) => new Promise((done, fail) => {
    child.stdout.on("data", () => { if (words.test(said.stdout)) done(); });
    child.on("close", () => fail(new Error(`it ended before it said ${words}:\n${said.stdout}${said.stderr}`)));
  });
  return { child, end, says };
}

test("the example takes --keep and --help, and nothing is done for any other word", async () => {
  const here = exampleFolder();
  const mistyped = await start(here, ["--kepp"]).end;
  assert.deepEqual([mistyped.status, mistyped.stdout], [64, ""]);
  assert.match(mistyped.stderr, /"--kepp" is no option of it\n\nusage: examples\/run\.sh \[--keep\]/);
  const help = await start(here, ["--help"]).end;
  assert.equal(help.status, 0);
  assert.match(help.stdout, /^usage: examples\/run\.sh \[--keep\]/);
  assert.ok(!existsSync(join(here, "build/example")));
});

// --- what the pages show ---------------------------------------------------------------------------------------------

/// The commands of the console blocks of a page, each with the lines that it is said to print.
function shownIn(page) {
  const blocks = [...readFileSync(join(root, page), "utf8").matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, text]) => text);
  return blocks.flatMap((text) => text.split(/^\$ /m).slice(1)).map((text) => {
    const lines = text.trimEnd().split("\n");
    const last = lines.findIndex((line) => !line.endsWith("\\"));
    return { command: lines.slice(0, last + 1).join("\n"), printed: lines.slice(last + 1) };
  });
}

/// A line without what differs from run to run: times, ages, and the key that was made a moment ago.
const lasting = (line) => line
  .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
  .replace(/\((?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC, [^)]*\)/g, "(<clock>)")
  .replace(/, for \d+ min$/, ", for <minutes>")
  .replace(/signed by operator \(\w{43,44}\)/, "signed by operator (<key>)");

/// Where what was printed is not what is shown: in it "…" stands for the rest of a line, or for any lines.
function firstDifference(shown, printed) {
  let at = 0;
  let anywhere = false;
  for (const line of shown) {
    if (line.trim() === "…") { anywhere = true; continue; }
    const fits = (found) => (line.endsWith("…") ? lasting(found ?? "").startsWith(lasting(line.slice(0, -1))) : lasting(found ?? "\n") === lasting(line));
    const found = anywhere ? printed.findIndex((candidate, i) => i >= at && fits(candidate)) : at;
    if (found < 0 || !fits(printed[found])) return `"${line}", and there is "${printed[at] ?? "nothing more"}"`;
    at = found + 1;
    anywhere = false;
  }
  return anywhere || at === printed.length ? null : `nothing more, and there is "${printed[at]}"`;
}

const pages = ["README.md", ...readdirSync(join(root, "docs")).filter((name) => name.endsWith(".md")).map((name) => join("docs", name))]
  .filter((page) => shownIn(page).length > 0);

/// Runs what a page shows, in the folder in which the example waits.
function followed(page, here) {
  for (const { command, printed } of shownIn(page)) {
    const env = { PATH: `${here}/build/release/src:${process.env.PATH}`, TZ: "UTC", HOME: "/nonexistent" };
    const run = spawnSync("bash", ["--noprofile", "-c", `exec 2>&1\n${command}`], { cwd: here, encoding: "utf8", env });
    assert.equal(run.status, 0, `${page}: ${command}\n${run.stdout}`);
    const difference = firstDifference(printed, run.stdout.trimEnd().split("\n").filter((line, i, all) => all.length > 1 || line));
    assert.equal(difference, null, `${page} shows of\n$ ${command}\n${difference}\n--- it printed\n${run.stdout}`);
  }
}

test("the example is a GO in every phase and a NO-GO, the pages show what is printed, and nobody's files are deleted", async () => {
  const here = exampleFolder();
  const kept = start(here, ["--keep"]);
  await kept.says(/press Enter here to stop it/);
  try {
    for (const page of pages) followed(page, here);
  } finally {
    kept.child.stdin.end("\n");
  }
  const first = await kept.end;
  assert.equal(first.status, 0, first.stdout + first.stderr);
  assert.match(first.stdout, /npm, which says nothing until it is done: about a minute\n\[bin\/npm\]/);
  assert.deepEqual(first.stdout.match(/^(GO|NO-GO).*, phase .*$/gm), [
    "GO for this phase only  vault-program 1.2.0 on localnet, phase pull-request",
    ...["pre-approve", "pre-execute", "post-deploy"].map((phase) => `GO  vault-program 1.2.0 on localnet, phase ${phase}`),
    "NO-GO  vault-program 1.2.0 on localnet, phase post-deploy"]);
  assert.match(first.stdout, /^Replayed from the evidence: everything that follows from it came out the same/m);

  // What it shows is what can be pasted: with the cluster gone, that is what asks no endpoint.
  const shown = first.stdout.match(/^\$ readyctl (verify|replay) .*$/gm).map((line) => line.slice(2));
  assert.equal(shown.length, 2);
  for (const command of shown) {
    const run = spawnSync("bash", ["-ec", command], { cwd: here, encoding: "utf8", env: { PATH: `${here}/build/release/src:${process.env.PATH}` } });
    assert.equal(run.status, 0, command + run.stdout + run.stderr);
  }

  // Somebody's own key lies there: it is moved, not deleted. And without a terminal it waits for a signal.
  writeFileSync(join(here, "build/example/mine.pem"), "mine");
  const waiting = start(here, ["--keep"], ["ignore", "pipe", "pipe"]);
  await waiting.says(/stays up until SIGTERM comes to process \d+/);
  waiting.child.kill("SIGTERM");
  const second = await waiting.end;
  assert.equal(second.status, 0, second.stdout + second.stderr);
  const [aside] = readdirSync(join(here, "build")).filter((name) => name.startsWith("example.until-"));
  assert.equal(readFileSync(join(here, "build", aside, "mine.pem"), "utf8"), "mine");
  assert.ok(second.stdout.includes(`it is now build/${aside}`));

  // What only the script made it removes.
  const third = await start(here, []).end;
  assert.equal(third.status, 0, third.stdout + third.stderr);
  assert.deepEqual(readdirSync(join(here, "build")).sort(), ["example", aside, "example.made", "mine", "release"].sort());
});

