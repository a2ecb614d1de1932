// docs/security.md promises nothing that no test shows: every test that it names exists, and every attacker's table names some.

import assert from "node:assert/strict";
import { test } from "node:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./readyctl.mjs";

const page = readFileSync(join(root, "docs/security.md"), "utf8");
const cells = page.split("\n").filter((line) => line.startsWith("| ")).map((line) => line.split(" | "))
  .filter((row) => row.length === 3 && row[2].includes("tests/")).map(([tries, , shown]) => ({ tries, shown }));

/// Each test that a cell names: [{ file, name }].
const named = (shown) => shown.split("; ").flatMap((part) => {
  const [, file] = part.match(/`(tests\/[^`]+)`: /) ?? [];
  return [...part.matchAll(/"([^"]+)"/g)].map(([, name]) => ({ file, name }));
});

test("every test that the page names exists", () => {
  assert.ok(cells.length > 25, `${cells.length} rows`);
  for (const { tries, shown } of cells) {
    const tests = named(shown);
    assert.ok(tests.length > 0, `${tries}: no test`);
    for (const { file, name } of tests) {
      assert.ok(file && existsSync(join(root, file)), `${tries}: there is no ${file}`);
      const begins = readFileSync(join(root, file), "utf8").split("\n").filter((line) => /^\s*(test|TEST_CASE|verifies)\(/.test(line));
      const parts = name.split("…");
      const found = begins.some((line) => parts.every((part) => line.includes(part)));
      assert.ok(found, `${tries}: ${file} has no test "${name}"`);
    }
  }
});

test("every row of an attacker's table names a test", () => {
  const tables = page.split("## Files")[0].split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| ---") && !line.includes("| shown by |"));
  assert.deepEqual(tables.filter((line) => !line.includes("tests/")), []);
});
