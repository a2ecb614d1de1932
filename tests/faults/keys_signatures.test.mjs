// Faults of keys and signatures: what signs that must not, and what is signed otherwise than it says.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { encodeBase58 } from "../localnet/base58.mjs";
import { topic } from "./fault.mjs";
import { Release, readyctl } from "./release.mjs";

const require = createRequire(new URL("../localnet/package.json", import.meta.url));

const release = new Release();
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const inType = "application/vnd.in-toto+json";

// --- private keys ---------------------------------------------------------------------------------------------------

const ed25519 = generateKeyPairSync("ed25519");
const p256 = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
const pem = (key, type = "pkcs8", more = {}) => key.privateKey.export({ type, format: "pem", ...more });

/// A run that signs with this file.
const signsWith = (when, exit, says, content, mode = 0o600) => ({ when, exit, says, run: async () => {
  const key = release.write("key.pem", "");
  writeFileSync(key, typeof content === "function" ? content() : content);
  chmodSync(key, mode);
  const report = release.path("report.json");
  const run = await readyctl(["run", release.filePack, "--release", release.manifest, "--key", key, "--report", report]);
  assert.equal(existsSync(report), exit === 0);
  return run;
} });

// --- signed reports -------------------------------------------------------------------------------------------------

let made; // { payload, pack, evidence } of a GO

async function makeReport() {
  await release.start();
  const pack = release.pack({ ...release.fileGate, validFor: "1h" });
  const report = release.path("report.json");
  const run = await readyctl(["run", pack, "--release", release.manifest, "--unsigned", "--report", report]);
  assert.equal(run.status, 0, run.said);
  made = { pack: sha256(readFileSync(pack)), payload: Buffer.from(JSON.parse(readFileSync(report, "utf8")).payload, "base64"), evidence: `${report}.evidence` };
}

const pae = (type, payload) => Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]);
const signature = (key, message) => sign(key.asymmetricKeyType === "ed25519" ? null : "sha256", message, key);
const spki = (key) => key.export({ type: "spki", format: "pem" });
const base58 = (key) => encodeBase58(key.export({ type: "spki", format: "der" }).subarray(-32));

/// Writes the report of these parts, and verifies it: signed by `keys`, over `payload`, trusted as `trust` says.
async function verify({ payload = made.payload, type = inType, keys = [ed25519], signatures, trust = {}, entries, more = [], envelope = (text) => text } = {}) {
  const message = pae(type, payload);
  const all = signatures ?? keys.map(({ privateKey }) => ({ keyid: "", sig: signature(privateKey, message).toString("base64") }));
  const text = `${JSON.stringify({ payload: payload.toString("base64"), payloadType: type, signatures: all })}\n`;
  const report = release.write("report.json", envelope(text));
  const trustFile = release.write("trust.json", { apiVersion: "readyctl.trust/v1", packs: [made.pack], report: { threshold: 1, roles: ["release"] },
    keys: entries ?? keys.map(({ publicKey }, i) => ({ name: `k${i}`, key: spki(publicKey), roles: ["release"] })), ...trust });
  return readyctl(["verify", report, "--trust", trustFile, "--evidence", made.evidence, ...more]);
}
const verifies = (when, exit, says, how) => ({ when, exit, says, run: async () => verify(await how()) });
const key = (name, { publicKey }, more = {}) => ({ name, key: spki(publicKey), roles: ["release"], ...more });

/// The same statement with one thing of it changed, signed as it stands.
function altered(change) {
  const statement = JSON.parse(made.payload);
  change(statement);
  return Buffer.from(JSON.stringify(sorted(statement)));
}
const sorted = (value) => Array.isArray(value) ? value.map(sorted) : value && typeof value === "object"
  ? Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])])) : value;

const over = (bytes) => [{ keyid: "", sig: bytes.toString("base64") }];

// --- ECDSA and Ed25519 by hand ----------------------------------------------------------------------------------------

const order = { p256: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n, ed25519: 2n ** 252n + 27742317777372353535851937790883648493n };
const number = (bytes) => BigInt(`0x${bytes.toString("hex")}`);
const bytesOf = (value, size) => Buffer.from(value.toString(16).padStart(size * 2, "0"), "hex");
const integer = (bytes) => Buffer.concat([Buffer.from([2, bytes.length]), bytes]);
const minimal = (value) => { const bytes = bytesOf(value, value.toString(16).length + 1 >> 1); return bytes[0] & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes; };
const sequence = (...parts) => { const body = Buffer.concat(parts); return Buffer.concat([Buffer.from([0x30, body.length]), body]); };
const raw = (message) => sign("sha256", message, { key: p256.privateKey, dsaEncoding: "ieee-p1363" });
const rAndS = (message) => { const both = raw(message); return [number(both.subarray(0, 32)), number(both.subarray(32))]; };
/// A P-256 signature of the report, made of r and s.
const ecdsa = (make) => () => ({ keys: [p256], signatures: over(make(...rAndS(pae(inType, made.payload)))) });

const reversed = (bytes) => Buffer.from(bytes).reverse();
const ed25519Signature = (change) => () => ({ signatures: over(change(signature(ed25519.privateKey, pae(inType, made.payload)))) });

function prehashed() {
  const { ed25519ph } = require("@noble/curves/ed25519");
  const seed = ed25519.privateKey.export({ type: "pkcs8", format: "der" }).subarray(-32);
  return { signatures: over(Buffer.from(ed25519ph.sign(pae(inType, made.payload), seed))) };
}

const smallOrder = encodeBase58(Buffer.from([1, ...new Array(31).fill(0)]));

topic("Keys and signatures", import.meta.url, [
  { number: 55, is: "a key file that others can read or write", cases: [
    ...[["its group", 0o640], ["the world", 0o604], ["its group, to write", 0o620]].map(([who, mode]) => signsWith(who, 66, ["chmod 600"], () => pem(ed25519), mode)),
  ] },
  { number: 56, is: "a PEM file that holds no single private key", cases: [
    signsWith("a public key", 65, ["PRIVATE KEY"], () => spki(ed25519.publicKey)),
    signsWith("a key of the older form", 65, ["PRIVATE KEY"], () => pem(p256, "sec1")),
    signsWith("an RSA key", 65, ["expected Ed25519 or ECDSA P-256"], () => pem(generateKeyPairSync("rsa", { modulusLength: 2048 }))),
    signsWith("encrypted", 65, ['PEM of type "ENCRYPTED PRIVATE KEY" found; expected "PRIVATE KEY"', "asks for no passphrase"], () => pem(ed25519, "pkcs8", { cipher: "aes-256-cbc", passphrase: "x" })),
    signsWith("two keys", 65, ["more than one", "PEM"], () => pem(ed25519) + pem(p256)),
    signsWith("text behind it", 65, ["PEM"], () => `${pem(ed25519)}x\n`),
    signsWith("a key of nobody's", 65, ["PEM"], "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"),
    signsWith("CRLF line ends are read", 0, ["GO"], () => pem(ed25519).replaceAll("\n", "\r\n")),
  ] },
  { number: 57, is: "P-256 signatures in another form", note: "A high s is as good as a low one (FIPS 186-5).", cases: [
    verifies("raw r||s", 3, ["DER"], () => ({ keys: [p256], signatures: over(raw(pae(inType, made.payload))) })),
    verifies("a leading zero too many", 3, ["NO   authentic"], ecdsa((r, s) => sequence(integer(Buffer.concat([Buffer.from([0, 0]), bytesOf(r, 32)])), integer(minimal(s))))),
    verifies("r is zero", 3, ["NO   authentic"], ecdsa((r, s) => sequence(integer(Buffer.from([0])), integer(minimal(s))))),
    verifies("s is zero", 3, ["NO   authentic"], ecdsa((r) => sequence(integer(minimal(r)), integer(Buffer.from([0]))))),
    verifies("s + n", 3, ["NO   authentic"], ecdsa((r, s) => sequence(integer(minimal(r)), integer(minimal(s + order.p256))))),
    verifies("the other s is valid", 0, ["yes  authentic"], ecdsa((r, s) => sequence(integer(minimal(r)), integer(minimal(order.p256 - s))))),
    verifies("bytes behind it", 3, ["NO   authentic"], ecdsa((r, s) => Buffer.concat([sequence(integer(minimal(r)), integer(minimal(s))), Buffer.from([0])]))),
  ] },
  { number: 58, is: "Ed25519 keys and signatures that are no proof", cases: [
    verifies("a key of small order", 65, ["small order"], () => ({ entries: [{ name: "k", key: smallOrder, roles: ["release"] }] })),
    verifies("S + L", 3, ["NO   authentic"], ed25519Signature((bytes) => Buffer.concat([bytes.subarray(0, 32), reversed(bytesOf(number(reversed(bytes.subarray(32))) + order.ed25519, 32))]))),
    verifies("R that is not reduced", 3, ["NO   authentic"], ed25519Signature((bytes) => Buffer.concat([reversed(bytesOf(2n ** 255n - 18n, 32)), bytes.subarray(32)]))),
    verifies("Ed25519ph", 3, ["NO   authentic"], prehashed),
  ] },
  { number: 59, is: "keyid lies or stands twice", note: "A report of readyctl's has no keyid, so one that was put in is a change.", cases: [
    verifies("it names another key", 3, ["keyid"], () => ({ envelope: (text) => text.replace('"keyid":""', '"keyid":"operator"') })),
    verifies("the same signature twice", 3, ["NO   authentic: 1 trusted key signed; the trust file asks for 2"], () => ({ keys: [ed25519, ed25519], entries: [key("a", ed25519), key("b", p256)], trust: { report: { threshold: 2, roles: ["release"] } } })),
  ] },
  { number: 60, is: "one key toward a threshold of two", cases: [
    verifies("it signed twice", 3, ["NO   authentic"], () => ({ keys: [p256, p256], entries: [key("a", p256), key("b", ed25519)], trust: { report: { threshold: 2, roles: ["release"] } } })),
    verifies("it is trusted in two encodings", 65, ['the key of "b" is the key of "a"'], () => ({ entries: [key("a", ed25519), { name: "b", key: base58(ed25519.publicKey), roles: ["release"] }], trust: { report: { threshold: 2, roles: ["release"] } } })),
  ] },
  { number: 61, is: "a threshold that decides nothing", cases: [
    verifies("0", 65, ["/report/threshold"], () => ({ trust: { report: { threshold: 0, roles: ["release"] } } })),
    verifies("more than there are keys", 65, ["/report", "threshold"], () => ({ trust: { report: { threshold: 2, roles: ["release"] } } })),
    verifies("missing", 65, ['/report: has no "threshold"'], () => ({ trust: { report: { roles: ["release"] } } })),
    verifies("of a role that nobody has", 65, ["/report"], () => ({ trust: { report: { threshold: 1, roles: ["nobody"] } } })),
  ] },
  { number: 62, is: "a valid signature over something else", cases: [
    verifies("another payloadType", 3, ["payload type", inType], () => ({ type: "text/plain" })),
    verifies("another predicateType", 65, ["https://slsa.dev/provenance/v1, not a https://readyctl.dev/readiness-report/v1"], () => ({ payload: altered((statement) => { statement.predicateType = "https://slsa.dev/provenance/v1"; }) })),
  ] },
  { number: 63, is: "subjects that are not those of the release", note: "A statement whose subject has no SHA-256 in lower case is no statement of readyctl's: malformed, 65.", cases: [
    verifies("another digest", 3, ["subject"], () => ({ payload: altered(({ subject }) => { subject[0].digest.sha256 = "0".repeat(64); }) })),
    verifies("none", 65, ['no valid "subject"'], () => ({ payload: altered((statement) => { statement.subject = []; }) })),
    verifies("upper-case hex", 65, ['no valid "sha256"'], () => ({ payload: altered(({ subject }) => { subject[0].digest.sha256 = subject[0].digest.sha256.toUpperCase(); }) })),
    verifies("SHA-1 alone", 65, ['no valid "sha256"'], () => ({ payload: altered(({ subject }) => { subject[0].digest = { sha1: "0".repeat(40) }; }) })),
    verifies("another artifact at hand", 3, ["NO   bound", "artifact"], () => ({ more: ["--artifact", release.write("other.so", "other")] })),
  ] },
  { number: 64, is: "a signer who may not", cases: [
    verifies("without the role", 3, ["NO   authentic"], () => ({ entries: [key("a", ed25519, { roles: ["audit"] }), key("b", p256)] })),
    verifies("after notAfter", 3, ["NO   authentic"], () => ({ entries: [key("a", ed25519, { notAfter: "2020-01-01T00:00:00Z" })] })),
    verifies("before notBefore", 3, ["NO   authentic"], () => ({ entries: [key("a", ed25519, { notBefore: "2099-01-01T00:00:00Z" })] })),
    verifies("revoked", 3, ["NO   authentic"], () => ({ entries: [key("a", ed25519, { revokedAt: "2020-01-01T00:00:00Z" })] })),
    verifies("a stranger", 3, ["NO   authentic"], () => ({ entries: [key("b", p256)] })),
  ] },
  { number: 65, is: "timestamp tokens", awaits: "timestamps (RFC 3161) on reports" },
  { number: 66, is: "an old GO for a new release", note: "That a report is the latest of its release is not known before there is a history of reports.", cases: [
    verifies("another release at hand", 3, ["NO   bound", "release"], () => ({ more: ["--release", changedRelease()] })),
    verifies("after its time", 3, ["NO   in time", "expired"], () => ({ more: ["--at", "2099-01-01T00:00:00Z"] })),
    { when: "as --previous of another program", exit: 64, says: ["--previous", "program"], run: async () => {
      const report = release.write("report.json", `${JSON.stringify({ payload: made.payload.toString("base64"), payloadType: inType, signatures: [] })}\n`);
      const other = changedRelease((content) => { content.program = "SQDS4ep65T869zMMBKyuUq6aD6EgTu8psMjkvj52pCf"; });
      return readyctl(["run", release.filePack, "--release", other, "--unsigned", "--previous", report]);
    } },
  ] },
  { number: 67, is: "base64 in another spelling", note: "A report has one spelling. Foreign envelopes, which may use the others, no command reads yet.", cases: [
    verifies("URL-safe and without padding", 3, ["base64"], () => ({ envelope: (text) => text.replace(/"sig":"([^"]*)"/, (_, sig) => `"sig":"${Buffer.from(sig, "base64").toString("base64url")}"`) })),
    verifies("a newline within", 3, ["base64"], () => ({ envelope: (text) => text.replace('"sig":"', '"sig":"\\n') })),
  ] },
  { number: 68, is: "no signature, or far too many", cases: [
    verifies("none", 3, ["NO   authentic"], () => ({ signatures: [] })),
    verifies("100,000", 3, ["signatures"], () => ({ signatures: Array(100_000).fill({ keyid: "", sig: Buffer.alloc(64).toString("base64") }) })),
  ] },
], { setUp: makeReport, tearDown: () => release.stop() });

/// A release.json beside the healthy one that says something else.
function changedRelease(change = (content) => { content.name = "another"; }) {
  const content = JSON.parse(readFileSync(release.manifest, "utf8"));
  change(content);
  const path = `${release.out}/other-${release.path("x").split("/").at(-1)}.json`;
  writeFileSync(path, JSON.stringify(content));
  return path;
}
