// What was decided and printed once is decided and printed so again. When wording changes on purpose, write the outputs
// anew (`node tests/acceptance/approved.mjs --write`), read the difference, and commit it.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { approved, evidence, inspected, outputs, printed, recorded } from "./approved.mjs";

for (const [file, args] of Object.entries(outputs)) {
  test(`${file} is what was approved`, () => {
    assert.equal(printed(args()), readFileSync(join(approved, file), "utf8"));
  });
}

test("every approved output and every recorded run is looked at", () => {
  assert.deepEqual(readdirSync(approved).sort(), [...Object.keys(outputs), ...Object.keys(inspected)].sort());
  assert.deepEqual(readdirSync(evidence).sort(), Object.keys(recorded).sort());
});

test("what is kept names no folder of the machine that made it", () => {
  for (const name of Object.keys(recorded)) {
    const { payload } = JSON.parse(readFileSync(join(evidence, name, "report.json"), "utf8"));
    const statement = Buffer.from(payload, "base64").toString();
    const kept = readFileSync(join(evidence, name, "report.json.evidence"), "latin1");
    for (const text of [statement, kept]) assert.ok(!/"\/(tmp|home|root|work|usr)\//.test(text), name);
  }
});
