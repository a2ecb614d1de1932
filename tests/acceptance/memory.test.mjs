// Whatever allocation fails, a command ends by itself: with its answer where it could do without, else with 70 and the
// reason. Never by a signal, and never with another answer.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { folder, root } from "./readyctl.mjs";

const go = join(root, "tests/evidence/go/report.json");
const commands = {
  lint: ["lint", join(root, "gates/program.gates.json")],
  replay: ["replay", go],
  verify: ["verify", go, "--trust", join(root, "tests/evidence/go/trust.json"), "--at", "2026-11-27T00:40:00Z"],
  show: ["show", go],
};

const scarce = join(folder(), "scarce.so");
before(() => {
  const built = spawnSync("gcc", ["-shared", "-fPIC", "-o", scarce, join(root, "tests/acceptance/scarce.c")], { encoding: "utf8" });
  assert.equal(built.status, 0, built.stderr);
});

const run = (args, environment = {}) => spawnSync(process.env.READYCTL, args, { encoding: "utf8", env: { PATH: process.env.PATH, ...environment } });

/// How long ago a report was decided is told in minutes, and a minute may end between two runs.
const timeless = (text) => text.replace(/\d[^()]* ago/g, "… ago");

// A replay takes some 80,000.
const numbers = [];
for (let n = 1; n < 120_000; n = Math.ceil(n * 1.06)) numbers.push(n);

for (const [name, args] of Object.entries(commands)) {
  for (const ever of [false, true]) {
    test(`${name}, ${ever ? "no memory from some moment on" : "one allocation that fails"}`, () => {
      const plain = run(args);
      assert.equal(plain.status, 0, plain.stderr);
      const seen = new Set();
      for (const n of numbers) {
        const { status, signal, stdout, stderr } = run(args, { LD_PRELOAD: scarce, SCARCE_FROM: String(n), ...(ever && { SCARCE_EVER: "1" }) });
        const where = `allocation ${n}: ${stderr}`;
        assert.equal(signal, null, where);
        if (status === 0) assert.equal(timeless(stdout), timeless(plain.stdout), where);
        else {
          assert.equal(status, 70, where);
          assert.match(stderr, /out of memory; nothing was decided\n {4}give it more: ulimit/, where);
        }
        seen.add(status);
      }
      assert.ok(seen.has(70));
    });
  }
}
