// The command line: one line of JSON when it can be asked, and an end when its standard input ends.

import { post, temporaryFolder } from "./testing.mjs";
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { test } from "node:test";
import { everyRelease, variantNamed } from "./releases.mjs";

const script = join(import.meta.dirname, "cluster.mjs");

function start(context, ...args) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  context.after(() => child.kill());
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, ready: async () => JSON.parse((await lines.next()).value), end: () => once(child, "exit") };
}

const slotOf = async (url) => (await (await post(url, { jsonrpc: "2.0", id: 1, method: "getSlot" })).json()).result;

// It serves what it announced, logs what was asked, changes releases on a line of input, and ends with its input.
test("serves, changes, and ends with its input", async (context) => {
  const folder = temporaryFolder(context);
  const requests = join(folder, "requests.jsonl");
  const cluster = start(context, "--out", join(folder, "one"), "--requests", requests, "--override",
    '{"endpoint":"fallback","method":"getSlot","reply":1}');
  const first = await cluster.ready();
  assert.equal(first.ready, true);
  assert.deepEqual(first.endpoints.map(({ name, provider }) => [name, provider]), [["primary", "local-a"], ["fallback", "local-b"]]);
  assert.deepEqual(JSON.parse(readFileSync(join(first.out, "endpoints.json"), "utf8")).endpoints, first.endpoints);
  assert.ok(await slotOf(first.endpoints[0].url) > 1);
  assert.equal(await slotOf(first.endpoints[1].url), 1);
  assert.deepEqual(readFileSync(requests, "utf8").trim().split("\n").map((line) => JSON.parse(line).endpoint), ["primary", "fallback"]);

  cluster.child.stdin.write(`head-moved ${join(folder, "two")}\n`);
  const second = await cluster.ready();
  assert.deepEqual([second.variant.name, second.variant.owner], ["head-moved", ["release-freeze"]]);
  assert.equal(second.variant.says.length, 2);
  assert.ok(existsSync(join(folder, "two/checkout/.git")));

  cluster.child.stdin.end();
  assert.deepEqual(await cluster.end(), [0, null]);
});

// Releases beside it are served to the end, and each has its line.
test("serves several", async (context) => {
  const folder = temporaryFolder(context);
  const cluster = start(context, "--out", join(folder, "one"), "--also", `upgrade-active=${join(folder, "two")}`, "--also",
    `upgrade-approved=${join(folder, "three")}`);
  const served = [await cluster.ready(), await cluster.ready(), await cluster.ready()];
  assert.deepEqual(served.map(({ variant }) => variant.name), ["healthy", "upgrade-active", "upgrade-approved"]);
  assert.equal(new Set(served.flatMap(({ endpoints }) => endpoints.map(({ url }) => url))).size, 6);
  for (const { endpoints } of served) assert.ok(await slotOf(endpoints[1].url) > 1);
  cluster.child.stdin.end();
  assert.deepEqual(await cluster.end(), [0, null]);
});

// SIGTERM ends it too.
test("ends on SIGTERM", async (context) => {
  const cluster = start(context, "--out", join(temporaryFolder(context), "release"), "--variant", "threshold-one", "--latency-ms", "1");
  assert.equal((await cluster.ready()).variant.name, "threshold-one");
  cluster.child.kill("SIGTERM");
  assert.deepEqual(await cluster.end(), [0, null]);
});

// It lists every variant, and refuses what it does not know, or a folder that holds something.
test("lists and refuses", (context) => {
  const run = (...args) => spawnSync(process.execPath, [script, ...args], { encoding: "utf8", input: "" });
  const listed = run("--list").stdout.trim().split("\n").map((line) => JSON.parse(line).name);
  assert.deepEqual(listed, everyRelease.map(({ name }) => name));
  assert.equal(new Set(listed).size, listed.length);
  for (const name of ["healthy", "threshold-one", "upgrade-active", "drift-nonces"]) assert.ok(listed.includes(name), name);
  for (const name of listed) assert.equal(variantNamed(name).name, name);
  const folder = temporaryFolder(context);
  const unknown = run("--out", join(folder, "x"), "--variant", "typo");
  assert.equal(unknown.status, 1);
  assert.match(unknown.stderr, /no variant is called "typo"/);
  const misspelt = run("--out", join(folder, "y"), "--also", "healthy");
  assert.equal(misspelt.status, 1);
  assert.match(misspelt.stderr, /--also takes NAME=DIR, not "healthy"/);
  const full = run("--out", import.meta.dirname);
  assert.equal(full.status, 1);
  assert.match(full.stderr, /is not empty/);
});
