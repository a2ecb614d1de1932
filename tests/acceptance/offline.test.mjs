// What needs no network and no repository starts neither library, and the binary needs no file beside itself.

import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { before, test } from "node:test";
import { tmpdir } from "node:os";
import { folder, root } from "./readyctl.mjs";

const report = join(root, "tests/evidence/go/report.json");
const trust = join(root, "tests/evidence/go/trust.json");
const pack = join(root, "gates/program.gates.json");

const OFFLINE = {
  "--version": ["--version"],
  lint: ["lint", pack],
  gates: ["gates"],
  schema: ["schema", "gates"],
  show: ["show", report],
  verify: ["verify", report, "--trust", trust],
  replay: ["replay", report],
  // A message of one signer, who is all zeros, and no instruction.
  "inspect --message": ["inspect", "--message", Buffer.from([1, 0, 0, 1, ...new Array(64).fill(0), 0]).toString("base64")],
  derive: ["derive", "programdata", "DEpS42gHzhWtxLUtP8oGb2wvR13JVDbGeQGcbNta83it"],
};

const observer = join(folder(), "initialisation.so");
before(() => {
  const source = join(root, "tests/acceptance/initialisation.c");
  const built = spawnSync("gcc", ["-shared", "-fPIC", "-o", observer, source, "-ldl"], { encoding: "utf8" });
  assert.equal(built.status, 0, built.stderr);
});

/// The functions that initialise libcurl and libgit2, as far as a run of the binary called them.
function initialised(args) {
  const log = join(folder(), "initialised");
  writeFileSync(log, "");
  const env = { PATH: process.env.PATH, HOME: "/nonexistent", LD_PRELOAD: observer, INITIALISED: log };
  spawnSync(process.env.READYCTL, args, { env });
  return readFileSync(log, "utf8").split("\n").filter(Boolean);
}

for (const [name, args] of Object.entries(OFFLINE)) {
  test(`${name} initialises neither libcurl nor libgit2`, () => assert.deepEqual(initialised(args), []));
}

test("a command that needs them is seen to initialise them", () => {
  const names = initialised(["inspect", "11111111111111111111111111111111", "--rpc", "here=http://127.0.0.1:9", "--timeout", "1s"]);
  assert.ok(names.includes("curl_global_init"), names.join(" "));
});

test("the binary needs no file beside itself", () => {
  const alone = mkdtempSync(join(tmpdir(), "readyctl-alone-"));
  copyFileSync(process.env.READYCTL, join(alone, "binary"));
  for (const [name, args] of Object.entries(OFFLINE)) {
    const here = spawnSync(process.env.READYCTL, args, { encoding: "utf8", cwd: root });
    const there = spawnSync(join(alone, "binary"), args, { encoding: "utf8", cwd: alone, env: { HOME: "/nonexistent" } });
    assert.equal(there.status, here.status, `${name}: ${there.stderr}`);
  }
  assert.deepEqual(readdirSync(alone), ["binary"]);
});

// A configuration that leaves OpenSSL without any algorithm: who verifies must not depend on what it says.
test("verify heeds no configuration of OpenSSL", () => {
  const configuration = join(folder(), "openssl.cnf");
  writeFileSync(configuration, "openssl_conf = a\n[a]\nproviders = b\n[b]\nnull = c\n[c]\nactivate = 1\n");
  const verified = (environment) => spawnSync(process.env.READYCTL, OFFLINE.verify,
    { encoding: "utf8", cwd: root, env: { HOME: "/nonexistent", ...environment } });
  assert.equal(verified({ OPENSSL_CONF: configuration }).stdout, verified({}).stdout);
});
