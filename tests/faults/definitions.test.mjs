// Faults of gate definitions: a pack that says less, or other, than its author meant.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { topic } from "./fault.mjs";
import { Release, readyctl } from "./release.mjs";

const release = new Release();

const gate = (more = {}) => ({ id: "g", kind: "balance", params: { address: "${feePayer}", minLamports: "1" }, ...more });
const pack = (gates, more = {}) => ({ apiVersion: "readyctl.gates/v1", name: "p", gates, ...more });
const json = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 1));

/// A run over a pack, an object or text, beside other files, { name: content }. Nobody is asked: there is no endpoint.
const refuses = (when, exit, says, content, { files = {}, more = [] } = {}) => ({ when, exit, says, run: async () => {
  const folder = release.path("packs");
  mkdirSync(folder);
  for (const [name, text] of Object.entries({ ...files, "p.json": content })) writeFileSync(join(folder, name), json(text));
  return readyctl(["run", join(folder, "p.json"), "--release", release.manifest, "--unsigned", ...more]);
} });
const params = (when, says, kind, values, exit = 65) => refuses(when, exit, says, pack([gate({ kind, params: values })]));
const health = { minHealthy: 1, maxSlotLag: 1, maxBlockAgeSeconds: 1 };

topic("Gate definitions", import.meta.url, [
  { number: 69, is: "a name that is misspelt, or stands twice", cases: [
    refuses("an unknown field", 65, ["p.json:", "/gates/0/severty", 'did you mean "severity"?'], pack([gate({ severty: "advisory" })])),
    refuses("a misspelt kind", 65, ["p.json:", "/gates/0/kind", "balance"], pack([gate({ kind: "balence" })])),
    refuses("a misspelt parameter", 65, ["p.json:", "/gates/0/params/minLamport", "minLamports"], pack([gate({ params: { address: "${feePayer}", minLamport: "1" } })])),
    refuses("one id twice", 65, ["/gates/1/id", "twice"], pack([gate(), gate()])),
    refuses("an id in capitals", 65, ["/gates/1/id", "a-z"], pack([gate(), gate({ id: "G" })])),
    refuses("one key twice", 65, ["p.json:", "stands twice"], '{"apiVersion":"readyctl.gates/v1","name":"p","name":"q","gates":[]}'),
  ] },
  { number: 70, is: "nothing to decide", note: "There are no shards yet.", cases: [
    refuses("an empty list of gates", 65, ["no gate"], pack([])),
    refuses("nothing but advisory gates", 65, ["advisory", "blocking"], pack([gate({ severity: "advisory" })])),
    refuses("a selection that selects nothing", 64, ["p/h", "p/g"], pack([gate()]), { more: ["--select", "p/h"] }),
    refuses("a phase in which nothing is asked", 64, ["phase b"], pack([gate({ phase: ["a"] })], { phases: ["a", "b"] }), { more: ["--phase", "b"] }),
  ] },
  { number: 71, is: "an expectation that anything meets, or nothing", cases: [
    params("nothing expected", ["/gates/0/params"], "balance", { address: "${feePayer}" }),
    params("no endpoint expected", ["/gates/0/params/minHealthy", "ask for 1 or more"], "rpc-health", { ...health, minHealthy: 0 }),
    params("nobody to keep apart", ["/gates/0/params", "nothing could fail"], "role-separation", { roles: {}, disjoint: [] }),
    refuses("NaN", 65, ["p.json:"], '{"apiVersion":"readyctl.gates/v1","name":"p","gates":[{"id":"g","kind":"rpc-health","params":{"minHealthy":NaN}}]}'),
    params("a negative number", ["/gates/0/params/minHealthy", "-1"], "rpc-health", { ...health, minHealthy: -1 }),
    params("a least above the most", ["/gates/0/params"], "balance", { address: "${feePayer}", minLamports: "2", maxLamports: "1" }),
    refuses("a negative duration", 65, ["/gates/0/validFor"], pack([gate({ validFor: "-1h" })])),
    refuses("a duration without a unit", 65, ["/gates/0/validFor", "is no duration"], pack([gate({ validFor: "10" })])),
    params("an amount beyond 64 bits", ["/gates/0/params/minLamports", "64 bits"], "balance", { address: "${feePayer}", minLamports: "18446744073709551616" }),
  ] },
  { number: 72, is: "includes that loop or lead out", note: "Gates do not depend on gates yet (`needs`).", cases: [
    refuses("a loop", 65, ["includes itself"], pack([gate()], { include: ["q.json"] }), { files: { "q.json": pack([gate()], { name: "q", include: ["p.json"] }) } }),
    refuses("out of the folder", 65, ["/include/0", "outside"], pack([gate()], { include: ["../../../../etc/hostname"] })),
    refuses("an absolute path", 65, ["/include/0", "outside"], pack([gate()], { include: ["/etc/hostname"] })),
    refuses("a file that is not there", 65, ["/include/0", "does not exist"], pack([gate()], { include: ["q.json"] })),
    refuses("another file than was pinned", 65, ["/include/0", "0".repeat(64)], pack([gate()], { include: [{ path: "q.json", sha256: "0".repeat(64) }] }), { files: { "q.json": pack([gate()], { name: "q" }) } }),
  ] },
  { number: 73, is: "a variable that is not there, or holds nothing", cases: [
    params("undefined", ["${feePayr}", "${feePayer}"], "balance", { address: "${feePayr}", minLamports: "1" }),
    refuses("empty", 64, ["--set", "empty or holds control characters"], pack([gate({ params: { address: "${a}", minLamports: "1" } })]), { more: ["--set", "a="] }),
    refuses("control characters", 64, ["--set", "empty or holds control characters"], pack([gate({ params: { address: "${a}", minLamports: "1" } })]), { more: ["--set", "a=\u001b[2J"] }),
    refuses("a frozen name given anew", 65, ["feePayer", "frozen"], pack([gate()]), { more: ["--set", "feePayer=x"] }),
    refuses("a value of another type", 65, ["--set", "/gates/0/params/address"], pack([gate({ params: { address: "${a}", minLamports: "1" } })]), { more: ["--set", "a:=7"] }),
  ] },
  { number: 74, is: "expressions that take for ever", awaits: "parameters that are patterns; no kind takes one" },
  { number: 75, is: "packs that are not those that were pinned", cases: [
    { when: "by the trust file", exit: 3, says: ["NO   bound", "pack"], run: async () => {
      const report = release.path("report.json");
      await readyctl(["run", release.filePack, "--release", release.manifest, "--unsigned", "--report", report]);
      const key = release.path("key.pem");
      const entry = JSON.parse((await readyctl(["keygen", key])).stdout.trim().split("\n").at(-1));
      await readyctl(["sign", report, "--key", key]);
      const trust = release.write("trust.json", { apiVersion: "readyctl.trust/v1", keys: [entry], packs: [sha256("another")], report: { threshold: 1, roles: entry.roles } });
      return readyctl(["verify", report, "--trust", trust]);
    } },
  ] },
  { number: 76, is: "waivers", awaits: "waivers" },
  { number: 77, is: "sign-offs by URL alone", awaits: "attestations of people" },
  { number: 78, is: "Prometheus queries", awaits: "metrics as facts" },
  { number: 79, is: "health endpoints", awaits: "HTTP health checks as facts" },
  { number: 80, is: "bundles of attestations", awaits: "attestations by others" },
], { setUp: () => release.start(), tearDown: () => release.stop() });

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}
