// Faults of files: what is no file, what changed, and evidence that is not the report's.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, readFileSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "../localnet/rpc/json.mjs";
import { topic } from "./fault.mjs";
import { Release, readyctl } from "./release.mjs";

const release = new Release();
let made; // a report with its evidence, as bytes

async function makeReport() {
  await release.start();
  const report = release.path("report.json");
  const run = await release.decide(release.pack(release.fileGate, { kind: "balance", params: { address: "${feePayer}", minLamports: "1" } }),
    { main: release.world.endpoints[0].url }, { more: ["--report", report] });
  assert.equal(run.status, 0, run.said);
  made = { report: readFileSync(report), evidence: readFileSync(`${report}.evidence`) };
}

/// Reads a path as each command does that takes a file, and it must say the same of each.
const reads = (when, exit, says, make) => ({ when, exit, says, run: async () => {
  const path = make();
  const runs = await Promise.all([["lint", path], ["show", path], ["replay", path], ["verify", path, "--trust", path],
    ["run", release.filePack, "--release", path, "--unsigned"]].map((args) => readyctl(args)));
  for (const { status, said } of runs) assert.equal(status, exit, said);
  for (const { said } of runs) for (const word of says) assert.ok(said.includes(word), said);
  return runs[0];
} });

/// A gate over a file of the release folder, which is inconclusive.
const gateReads = (when, says, make) => ({ when, exit: 2, says, run: async () => {
  const name = make();
  return release.decide(release.pack({ kind: "artifact-hash", params: { path: name, sha256: "0".repeat(64) } }), {});
} });

const inFolder = (name, make) => () => { make(join(release.out, name)); return name; };
const made0 = (name, make) => () => { const path = release.path(name); make(path); return path; };

/// Replays the report with this evidence, and its own bytes changed.
const replays = (when, exit, says, evidence, report = (bytes) => bytes) => ({ when, exit, says, run: async () => {
  const path = release.write("report.json", report(made.report));
  const bytes = evidence(made.evidence);
  if (bytes !== null) writeFileSync(`${path}.evidence`, bytes);
  return readyctl(["replay", path]);
} });

/// A record of the evidence, as text, from its header to its end.
function record(bytes, number) {
  const text = bytes.toString("latin1");
  const begin = [...text.matchAll(/^\{"key":/gm)].map(({ index }) => index);
  return text.slice(begin[number], begin[number + 1] ?? text.length);
}
const withRecord = (bytes, number, change) => Buffer.from(bytes.toString("latin1").replace(record(bytes, number), change), "latin1");

/// The report, its statement changed; nobody signed it.
const statement = (change) => (bytes) => {
  const envelope = JSON.parse(bytes);
  const content = parse(Buffer.from(envelope.payload, "base64").toString());
  change(content);
  return `${JSON.stringify({ ...envelope, payload: Buffer.from(stringify(content)).toString("base64") })}\n`;
};

const flip = (at) => (bytes) => { const changed = Buffer.from(bytes); changed[at] ^= 1; return changed; };
const same = (bytes) => bytes;
const asOwnerAlone = process.getuid() === 0 ? ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"] : [];

topic("Files and evidence", import.meta.url, [
  { number: 46, is: "what is no regular file, or has nothing in it", cases: [
    reads("missing", 66, ["does not exist"], () => "/nonexistent/file"),
    reads("a directory", 66, ["is a directory, not a file"], made0("folder", (path) => mkdirSync(path))),
    reads("a FIFO", 66, ["is a FIFO, not a file"], made0("fifo", (path) => execFileSync("mkfifo", [path]))),
    reads("a device", 66, ["is a device, not a file"], () => "/dev/zero"),
    reads("0 bytes", 65, ["the text ends before the JSON does"], made0("empty", (path) => writeFileSync(path, ""))),
    reads("larger than any", 66, ["are read"], made0("large", (path) => { writeFileSync(path, ""); truncateSync(path, 3_000_000_000); })),
    gateReads("a FIFO in the release folder", ["is a FIFO, not a file"], inFolder("fifo", (path) => execFileSync("mkfifo", [path]))),
    gateReads("a folder in the release folder", ["is a directory, not a file"], () => "artifact"),
  ] },
  { number: 47, is: "a file that may not be read, or leads elsewhere", note: "A hard link is the file itself: what was read is hashed, by whatever name.", cases: [
    { when: "permission denied", exit: 66, says: ["cannot be opened: Permission denied"], run: () => {
      const path = release.write("secret.json", "{}");
      chmodSync(path, 0);
      return readyctl(["lint", path], { before: asOwnerAlone });
    } },
    { when: "it changes while it is read", exit: 66, says: ["changed while it was read"], run: () => readyctl(["lint", "/proc/self/status"]) },
    gateReads("a symlink out of the folder", ["lies outside"], inFolder("link.so", (path) => symlinkSync("/etc/hostname", path))),
    { when: "..", exit: 65, says: ["/gates/0/params/path"], run: () => release.decide(release.pack({ kind: "artifact-hash", params: { path: "../x", sha256: "0".repeat(64) } }), {}) },
    { when: "an absolute path", exit: 65, says: ["/gates/0/params/path"], run: () => release.decide(release.pack({ kind: "artifact-hash", params: { path: "/etc/hostname", sha256: "0".repeat(64) } }), {}) },
    { when: "a hard link is read as what it is", exit: 1, says: ["expected"], run: () => {
      linkSync(join(release.out, "release.json"), join(release.out, "hard.so"));
      return release.decide(release.pack({ kind: "artifact-hash", params: { path: "hard.so", sha256: "0".repeat(64) } }), {});
    } },
  ] },
  { number: 48, is: "one name twice in the evidence", note: "Evidence is one file whose records have keys, compared byte by byte; there are no file names in it.", cases: [
    replays("a record twice", 3, ["is out of order or stands twice"], (bytes) => withRecord(bytes, 1, record(bytes, 1) + record(bytes, 1))),
    replays("two records in another order", 3, ["is out of order or stands twice"], (bytes) => { const [one, two] = [record(bytes, 0), record(bytes, 1)]; return Buffer.from(bytes.toString("latin1").replace(one + two, two + one), "latin1"); }),
  ] },
  { number: 49, is: "evidence that is not the report's", note: "A bit of the report may also make it no report at all: malformed, 65.", cases: [
    replays("missing", 66, ["report.json.evidence", "does not exist"], () => null),
    replays("truncated", 3, ["record", "cut off"], (bytes) => bytes.subarray(0, bytes.length - 20)),
    replays("a record missing", 3, ["record", "is missing"], (bytes) => withRecord(bytes, 1, "")),
    replays("a record more", 3, ["is not one of the report's"], (bytes) => Buffer.concat([bytes, Buffer.from(`{"key":{"zzz":true},"withheld":"${"0".repeat(64)}"}\n\n`)])),
    replays("one bit flipped in a record's body", 3, ["the file has digest", "the report binds"], (bytes) => flip(bytes.length - 3)(bytes)),
    replays("one bit flipped in a header", 3, ["the report binds"], (bytes) => flip(bytes.indexOf('"at":"') + 8)(bytes)),
    replays("the report without its last line feed", 3, ["not canonical"], same, (bytes) => bytes.subarray(0, bytes.length - 1)),
    replays("one bit flipped in the report", 65, ["no in-toto Statement"], same, flip(40)),
  ] },
  { number: 50, is: "evidence that would grow without end", cases: [
    replays("a size that is negative", 3, ["record"], (bytes) => withRecord(bytes, 0, (text) => text.replace('"observations":[{', '"observations":[{"body":{"sha256":"","size":-1},'))),
    replays("a size beyond the file", 3, ["is cut off"], (bytes) => Buffer.from(bytes.toString("latin1").replace(/"size":\d+/, '"size":18446744073709551615'), "latin1")),
    replays("nested without end", 3, ["nests deeper than"], (bytes) => withRecord(bytes, 0, `{"key":${"[".repeat(100_000)}`)),
    replays("a million records", 3, ["has no key"], (bytes) => Buffer.concat([bytes.subarray(0, bytes.indexOf("\n") + 1), Buffer.alloc(3_000_000, '{}\n')])),
    { when: "larger than any", exit: 66, says: ["at most 1073741824 are read"], run: () => {
      const [report, evidence] = [release.write("report.json", made.report), release.write("evidence", "")];
      truncateSync(evidence, 3_000_000_000);
      return readyctl(["replay", report, "--evidence", evidence]);
    } },
  ] },
  { number: 51, is: "line ends changed to CRLF by git or mail", cases: [
    replays("in the report", 3, ["line ends were changed to CRLF"], same, (bytes) => bytes.toString().replaceAll("\n", "\r\n")),
    { when: "in the evidence", exit: 3, says: ["line ends were changed to CRLF"], run: async () => {
      const report = release.path("report.json");
      await readyctl(["run", release.pack({ kind: "balance", params: { address: "${feePayer}", minLamports: "1" } }), "--release", release.manifest, "--unsigned", "--report", report]);
      const evidence = readFileSync(`${report}.evidence`, "latin1");
      writeFileSync(`${report}.evidence`, evidence.replaceAll("\n", "\r\n"), "latin1");
      return readyctl(["replay", report]);
    } },
  ] },
  { number: 52, is: "a report of a newer schema", cases: [
    replays("another version of the predicate", 65, ["readiness-report/v2", "newer"], same, statement((content) => { content.predicateType = content.predicateType.replace("/v1", "/v2"); })),
    replays("another version of the schema", 65, ["schema"], same, statement(({ predicate }) => { predicate.schema = "readyctl.report/v2"; })),
  ] },
  { number: 53, is: "a replay that does not come out the same", cases: [
    replays("another observation", 3, ["gate p/g1", "the report says nothing, its evidence gives 2000000000 lamports"], same, statement(({ predicate }) => { predicate.findings[1].observations[0].observed = "nothing"; })),
    replays("another observation, by another version", 3, ["gate p/g1"], same, statement(({ predicate }) => { predicate.tool.version = "0.0.9"; predicate.findings[1].observations[0].observed = "nothing"; })),
    replays("other words, by another version", 0, ["written by readyctl 0.0.9"], same, statement(({ predicate }) => { predicate.tool.version = "0.0.9"; predicate.findings[1].summary = "fine"; })),
    replays("other words, by the same version", 3, ["p/g1", "summary"], same, statement(({ predicate }) => { predicate.findings[1].summary = "fine"; })),
  ] },
  { number: 54, is: "two runs that write the same report", cases: [
    { when: "at once", exit: 73, says: ["exists already"], run: async () => {
      const report = release.path("report.json");
      const args = ["run", release.filePack, "--release", release.manifest, "--unsigned", "--report", report];
      const runs = await Promise.all(Array.from({ length: 4 }, () => readyctl(args)));
      assert.equal(runs.filter(({ status }) => status === 0).length, 1, runs.map(({ said }) => said).join("\n"));
      assert.equal((await readyctl(["replay", report])).status, 0, "report and evidence are of two runs");
      assert.deepEqual(readdirSync(release.home).filter((name) => name.includes(".partial")), []);
      return runs.find(({ status }) => status !== 0);
    } },
  ] },
], { setUp: makeReport, tearDown: () => release.stop() });
