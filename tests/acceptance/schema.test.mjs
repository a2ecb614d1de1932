// The published schemas are what the binary prints, and a validator of others accepts what readyctl accepts.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packs, readyctl, root } from "./readyctl.mjs";

const require = createRequire(join(root, "tests/localnet/package.json"));
const Ajv = require("ajv/dist/2020.js").default;

const read = (...path) => JSON.parse(readFileSync(join(root, ...path), "utf8"));
const validator = (schema) => new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true }).compile(schema);

for (const what of ["gates", "release", "trust", "upgrades"]) {
  test(`gates/${what}.schema.json is what readyctl schema ${what} prints`, () => {
    const printed = readyctl("schema", what);
    assert.equal(printed.status, 0);
    assert.equal(printed.stdout, readFileSync(join(root, "gates", `${what}.schema.json`), "utf8"));
  });
}

test("ajv accepts every pack that ships", () => {
  const validate = validator(read("gates/gates.schema.json"));
  for (const pack of packs) assert.ok(validate(JSON.parse(readFileSync(pack, "utf8"))), `${pack}: ${JSON.stringify(validate.errors)}`);
});

test("ajv refuses what readyctl refuses", () => {
  const validate = validator(read("gates/gates.schema.json"));
  const pack = (gate) => ({ apiVersion: "readyctl.gates/v1", name: "p", gates: [{ id: "g", kind: "balance", params: { address: "${a}" }, ...gate }] });
  assert.ok(validate(pack({})), JSON.stringify(validate.errors));
  assert.ok(!validate(pack({ severty: "advisory" })));
  assert.ok(!validate(pack({ kind: "balence" })));
  assert.ok(!validate(pack({ params: { address: "${a}", minLamports: 5 } })));
  assert.ok(!validate(pack({ params: {} })));
});
