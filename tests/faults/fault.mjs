// The catalogue of faults as its tests: each fault has a number, and cases that are run or a feature that it waits for.
// docs/reliability.md is written from the same list (reliability.mjs).

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";

/// What was declared in this process, in order: { title, file, faults }.
export const topics = [];

/// Set by reliability.mjs, which wants the list and runs nothing.
const isListed = globalThis.faultsAreOnlyListed === true;

/// Declares the faults of one test file, and runs their cases, several at once. A fault is
///   number, is           as in the catalogue
///   cases                { when, exit, says, run }: `run` gives { status, said }, and may assert more; `exit` is the status
///                        that it must have, `says` the words that must stand in what it said
///   awaits               the feature without which no command can meet it; it has no cases then
///   note                 why more or less is expected than the catalogue says
/// `setUp` and `tearDown` surround all of them.
export function topic(title, url, faults, { setUp, tearDown, concurrency = 6 } = {}) {
  topics.push({ title, file: basename(fileURLToPath(url)), faults });
  if (isListed) return;
  describe(title, { concurrency }, () => {
    if (setUp) before(setUp);
    if (tearDown) after(tearDown);
    for (const { number, is, cases = [] } of faults) {
      for (const one of cases) test(`fault ${number}: ${is}: ${one.when}`, () => hold(one));
    }
  });
}

async function hold({ exit, says, run }) {
  const { status, said } = await run();
  assert.equal(status, exit, said);
  for (const words of says) assert.ok(said.includes(words), `"${words}" is not in:\n${said}`);
}
