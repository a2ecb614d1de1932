// docs/reliability.md says what the tests say, and no fault of the catalogue is missing.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { count, declared, howToWrite, page, text } from "./reliability.mjs";

const faults = await declared();

test("every fault of the catalogue is declared, and once", () => {
  assert.deepEqual(faults.map(({ number }) => number), Array.from({ length: count }, (_, i) => i + 1));
});

test("every fault has cases, or waits for a feature", () => {
  for (const { number, cases, awaits } of faults) assert.equal(Boolean(cases?.length), !awaits, `fault ${number}`);
});

test("of every fault that is no GO something is said", () => {
  for (const { number, cases = [] } of faults) {
    const isSaid = cases.some(({ exit, says }) => exit === 0 || says.length > 0);
    assert.ok(cases.length === 0 || isSaid, `fault ${number}`);
  }
});

test("docs/reliability.md is what the tests say", async () => {
  const written = existsSync(page) ? readFileSync(page, "utf8") : "";
  assert.ok(written === await text(), `docs/reliability.md is stale; run: ${howToWrite}`);
});
