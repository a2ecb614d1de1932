// How far beyond its total deadline (--timeout) a run goes under each fault that could hold it up: what it takes more than
// the deadline and an undisturbed run together. Below nothing: it ended before. And how much more memory it takes than
// such a run. Prints figures, asserts nothing. Run by tests/bench/run.sh, in network and mount namespaces of its own.

import "../localnet/quiet.mjs";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { zstdCompressSync } from "node:zlib";
import { Authority } from "../faults/certificates.mjs";
import { everything, flood, response } from "../faults/endpoint.mjs";
import { makeNetwork, replace, resolverConfiguration, startResolver, swallowing } from "../faults/namespaces.mjs";
import { Release } from "../faults/release.mjs";

const deadline = 1000; // ms
const rounds = 5;
const allowed = 250; // ms
const most = 56_000_000; // bytes of an answer about four accounts: a little less than what is read of one
const { READYCTL: readyctl, MEASURE: measure } = process.env;
const run = promisify(execFile);
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];

const release = new Release();
await release.start();
makeNetwork();
replace("/etc/resolv.conf", release.write("resolv.conf", resolverConfiguration));
const resolver = await startResolver();
const authority = new Authority(release.path("authority"));

/// How long one run takes, in ms, and how much memory, in MiB.
async function cost(pack, endpoints) {
  const { stdout, stderr } = await run(measure, [readyctl, "run", pack, "--release", release.manifest, "--endpoints", endpoints, "--timeout", `${deadline / 1000}s`,
    "--unsigned", "--report", release.path("report.json")], { env: { PATH: process.env.PATH, SSL_CERT_FILE: authority.certificate } });
  const [ms, kib, status] = stdout.trim().split(" ").map(Number);
  if (status > 2) throw new Error(`exit ${status}: ${stderr}`);
  return { ms, mib: kib / 1024 };
}

const endpointsFile = (...list) => release.write("endpoints.json", { endpoints: list.map((one, i) => ({ name: `e${i}`, provider: `p${i}`, ...one })) });

/// Over an endpoint that does this with each request, or with those that `when` holds of.
const spoiled = (spoil, when = everything) => async () => endpointsFile({ url: (await release.endpoint({ spoil, when })).url });
/// Over one that does this with each connection. Over TLS when its URL says so, whatever it speaks.
const connected = (onConnection, scheme = "http") => async () => {
  const { port } = await release.endpoint({ onConnection: (socket) => { onConnection(socket); return true; } });
  return endpointsFile({ url: `${scheme}://localhost:${port}` });
};
const silence = () => {};
const now = () => performance.now();

/// Says `piece` to a socket every `ms`, until it ends.
function drip(socket, ms, piece) {
  const timer = setInterval(() => socket.write(piece()), ms);
  socket.on("close", () => clearInterval(timer));
}

/// Answers what is asked about accounts with this reply, and with its last byte just before the deadline: the worst moment
/// to begin to read it. The reply is what comes after the id, or everything.
function late(rest, whole = false) {
  const bytes = Buffer.from(rest);
  return spoiled(({ id }, socket) => {
    const end = now() + deadline - 20;
    const begin = Buffer.from(whole ? "" : `{"jsonrpc":"2.0","id":${id},`);
    const headers = [`Content-Length: ${begin.length + bytes.length}`];
    socket.write(Buffer.concat([response("", { length: false, headers }), begin]));
    socket.write(bytes.subarray(0, -1), () => setTimeout(() => socket.write(bytes.subarray(-1)), Math.max(0, end - now())));
  }, ({ method }) => method.includes("Account"));
}

const account = (bytes, encoding) => ({ lamports: 1, owner: "1".repeat(32), executable: false, rentEpoch: 0, space: bytes.length, data: [bytes.toString("base64"), encoding] });
const accounts = (...value) => `"result":${JSON.stringify({ context: { slot: 1 }, value })}}`;
const tooMany = (id, headers) => response(`{"jsonrpc":"2.0","id":${id},"error":{"code":-32429,"message":"too many requests"}}`, { status: "429 Too Many Requests", headers });

const noise = randomBytes(most * 0.7);
const compressed = zstdCompressSync(Buffer.alloc(10 << 20, 7));
const websocket = (onConnection) => async () => {
  const [{ url }, { port }] = [await release.endpoint(), await release.endpoint({ onConnection: (socket) => { onConnection?.(socket); return true; } })];
  return endpointsFile({ url, ws: `ws://127.0.0.1:${port}` });
};

const chain = release.chainPack;
// Four accounts in one request.
const wide = release.pack(...["${feePayer}", ...[1, 2, 3].map((n) => `${"1".repeat(31)}${n + 1}`)].map((address) => ({ kind: "balance", params: { address, minLamports: "1" } })));
const health = release.pack({ kind: "rpc-health", params: { minHealthy: 1, maxSlotLag: 50, maxBlockAgeSeconds: 60, webSocket: true } });
const faults = [
  ["never answers", spoiled(silence)],
  ["one of three never answers, and the two others neither", async () => endpointsFile(...await Promise.all([1, 2, 3].map(async () =>
    ({ url: (await release.endpoint({ spoil: silence, when: everything })).url }))))],
  ["a byte of the body now and then", spoiled(({ healthy }, socket) => {
    const bytes = response(healthy());
    let at = bytes.length - 200;
    socket.write(bytes.subarray(0, at));
    drip(socket, 50, () => bytes.subarray(at, ++at));
  })],
  ["a byte of a header now and then", spoiled((_, socket) => {
    socket.write("HTTP/1.1 200 OK\r\nX-Slow: ");
    drip(socket, 50, () => "x");
  })],
  ["a body without end, as fast as can be", spoiled((_, socket) => {
    socket.write(response("", { length: false, headers: ["Transfer-Encoding: chunked"] }));
    flood(socket, Buffer.from(`100000\r\n${" ".repeat(0x100000)}\r\n`));
  })],
  ["a body without end, 1 MB each 50 ms", spoiled((_, socket) => {
    socket.write(response("", { length: false, headers: ["Transfer-Encoding: chunked"] }));
    const piece = Buffer.from(`100000\r\n${" ".repeat(0x100000)}\r\n`);
    drip(socket, 50, () => piece);
  })],
  ["an address that swallows everything", async () => endpointsFile({ url: `http://${swallowing.ipv4}` })],
  ["a resolver that never answers", async () => endpointsFile({ url: "http://silent.rpc.example.org" })],
  ["a TLS handshake that never goes on", connected(silence, "https")],
  ["a TLS handshake of a byte now and then", connected((socket) => {
    socket.write(Buffer.from([0x16, 3, 3, 0x3f, 0xff]));
    drip(socket, 50, () => Buffer.alloc(1));
  }, "https")],
  ["429, always", spoiled(({ id }) => tooMany(id, []))],
  ["429, Retry-After: 1", spoiled(({ id }) => tooMany(id, ["Retry-After: 1"]))],
  ["429, Retry-After: 3600", spoiled(({ id }) => tooMany(id, ["Retry-After: 3600"]))],
  ["a node that has not reached the slot", spoiled(({ id }) => `{"jsonrpc":"2.0","id":${id},"error":{"code":-32016,"message":"Minimum context slot has not been reached"}}`, ({ method }) => method.includes("Account"))],
  ["a WebSocket whose handshake is not answered", websocket(), health],
  ["a WebSocket that tells of nothing", websocket((socket) => socket.once("data", () => drip(socket, 50, () => "HTTP/1.1 101 Switching Protocols\r\nX-Slow: "))), health],
  ["56 MB of one account, late", late(accounts(account(noise, "base64"), null, null, null)), wide],
  ["56 MB of four accounts, late", late(accounts(...[0, 1, 2, 3].map(() => account(noise.subarray(0, 10 << 20), "base64")))), wide],
  ["four times 10 MiB of an account compressed, late", late(accounts(...Array(4).fill(account(compressed, "base64+zstd")))), wide],
  ["56 MB of white space, late", late(`${" ".repeat(most)}"result":null}`), wide],
  ["56 MB of an error's message, late", late(`"error":{"code":-32000,"message":"${noise.toString("hex").slice(0, most)}"}}`), wide],
  ["56 MB of an error's message with escapes, late", late(`"error":{"code":-32000,"message":"${"\\u00e9".repeat(most / 6)}"}}`), wide],
  ["56 MB of numbers, late", late(`"result":[${`${"1".repeat(119)},`.repeat(most / 120)}1]}`), wide],
  ["56 MB of brackets, late", late(`"result":[${"[]".repeat(most / 2)}]}`), wide],
  ["16 MB of lists within lists, late", late(`"result":[${`${"[".repeat(60)}${"]".repeat(60)},`.repeat(130_000)}1]}`), wide],
  ["56 MB of a page, late", late(`<html>${"x".repeat(most)}`, true), wide],
];

const sound = endpointsFile({ url: (await release.endpoint()).url });
const worst = { late: -Infinity, more: -Infinity };
for (const [name, make, pack = chain] of faults) {
  const overruns = [];
  const more = [];
  for (let i = 0; i < rounds; ++i) {
    const undisturbed = await cost(chain, sound);
    const disturbed = await cost(pack, await make());
    overruns.push(disturbed.ms - deadline - undisturbed.ms);
    more.push(disturbed.mib - undisturbed.mib);
  }
  worst.late = Math.max(worst.late, ...overruns);
  worst.more = Math.max(worst.more, ...more);
  console.log(`${name}: ${median(overruns).toFixed(0)} ms, at most ${Math.max(...overruns).toFixed(0)} ms; ${Math.max(...more).toFixed(0)} MiB`);
}
console.log(`beyond a deadline of ${deadline} ms: at most ${worst.late.toFixed(0)} ms; ${allowed} ms are allowed`);
console.log(`beyond the memory of an undisturbed run: at most ${worst.more.toFixed(0)} MiB; an answer is at most 64 MiB long`);
resolver.close();
await release.stop();
